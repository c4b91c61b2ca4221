namespace Ductape.MassTransit;

/// <summary>
/// Finds a schema that applies itself to the same value again, so that checking would go on until the stack is full.
/// </summary>
internal static class SchemaLoops
{
    /// <summary>Where such a loop begins, or null.</summary>
    public static SchemaPlace? Find(IEnumerable<SchemaPlace> places)
    {
        var finished = new HashSet<SchemaPlace>();
        var entered = new HashSet<SchemaPlace>();
        return places.FirstOrDefault(Loops);

        bool Loops(SchemaPlace place)
        {
            if (finished.Contains(place))
                return false;
            if (!entered.Add(place))
                return true;
            if (place.Applied.Any(Loops))
                return true;

            entered.Remove(place);
            finished.Add(place);
            return false;
        }
    }
}
