using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema.Validation;
using NJsonSchema.Validation.FormatValidators;

namespace Ductape.MassTransit;

/// <summary>A <c>format</c> that NJsonSchema matches with an expression that goes back, in time in proportion to the text.</summary>
internal sealed class LinearFormat(string format, ValidationErrorKind error, string expression) : IFormatValidator
{
    private const string Label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    private const string Word = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";

    private readonly Regex _expression = new(expression, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Those formats, as NJsonSchema understands them.</summary>
    public static IReadOnlyList<IFormatValidator> All { get; } =
    [
        new LinearFormat("email", ValidationErrorKind.EmailExpected, $@"\A{Word}(?:\.{Word})*@(?:{Label}\.)+{Label}\Z"),
        new LinearFormat("hostname", ValidationErrorKind.HostnameExpected, $@"\A(?:{Label}\.)*{Label}\Z"),
    ];

    public string Format => format;

    public ValidationErrorKind ValidationErrorKind => error;

    public bool IsValid(string value, JTokenType tokenType) => _expression.IsMatch(value);
}
