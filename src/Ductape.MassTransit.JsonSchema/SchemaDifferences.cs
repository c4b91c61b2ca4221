using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>
/// Puts the results of JsonSchema.Net into words: where, and what the schema asks. Its own words show values.
/// </summary>
internal static class SchemaDifferences
{
    public static void Collect(EvaluationResults results, DifferenceList differences)
    {
        if (results.IsValid)
            return;

        var depth = results.EvaluationPath.SegmentCount;
        // Where a part has failed, nobody knows what it has looked at.
        var isLookedAt = !(results.Details ?? []).Exists(x => !x.IsValid && x.InstanceLocation == results.InstanceLocation
            && x.EvaluationPath[depth].ToString() is not ("if" or "not" or "anyOf" or "oneOf"));
        // How many of the schemas of a choice fit.
        var choices = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in results.Details ?? [])
        {
            var keyword = part.EvaluationPath[depth].ToString();
            switch (keyword)
            {
                case "anyOf" or "oneOf" or "not":
                    choices[keyword] = choices.GetValueOrDefault(keyword) + (part.IsValid ? 1 : 0);
                    break;
                case "if" or "contains":
                    break;
                case "unevaluatedItems" or "unevaluatedProperties" when !isLookedAt:
                    break;
                case "propertyNames" when !part.IsValid:
                    differences.AddDifference(() => PointerOf(part), "has a name that does not fit 'propertyNames'");
                    break;
                default:
                    Collect(part, differences);
                    break;
            }
        }

        foreach (var (choice, fitting) in choices)
        {
            if (choice == "not" ? fitting > 0 : choice == "anyOf" ? fitting == 0 : fitting != 1)
                differences.AddDifference(() => PointerOf(results), InWords(choice, fitting));
        }

        foreach (var (keyword, error) in results.Errors ?? [])
            Describe(results, keyword, error, differences);
    }

    private static void Describe(EvaluationResults results, string keyword, string error, DifferenceList differences)
    {
        if (keyword == RequiredCheck.Keyword || keyword == DependentRequiredCheck.Keyword)
        {
            foreach (var missing in MissingProperty.Read(error))
                differences.AddDifference(() => $"{Pointer(results)}{SchemaJson.Step(missing.Name)}", $"is missing{missing.Reason}");
        }
        else if (SchemaDialect.IsOwn(keyword))
        {
            differences.AddDifference(() => PointerOf(results), error);
        }
    }

    private static string InWords(string choice, int fitting) =>
        choice == "not" ? "fits the schema of 'not'" : $"fits {(fitting == 0 ? "none" : "more than one")} of the schemas of '{choice}'";

    private static string PointerOf(EvaluationResults results) => Pointer(results) is { Length: > 0 } pointer ? pointer : "(root)";

    private static string Pointer(EvaluationResults results) => results.InstanceLocation.ToString();
}
