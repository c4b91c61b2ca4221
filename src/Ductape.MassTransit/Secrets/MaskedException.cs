namespace Ductape.MassTransit.Secrets;

/// <summary>
/// What another's exception said, without the secrets in it. An exception cannot be changed, so this one stands in its
/// place.
/// </summary>
internal sealed class MaskedException : Exception
{
    private readonly string _text;
    private readonly string? _stackTrace;

    /// <param name="exception">The exception.</param>
    /// <param name="text">The whole of it in words, secrets hidden.</param>
    /// <param name="mask">What hides the rest.</param>
    public MaskedException(Exception exception, string text, SecretMask mask)
        : base(mask.Hide(exception.Message), exception.InnerException is { } inner ? mask.Hide(inner) : null)
    {
        _text = text;
        _stackTrace = exception.StackTrace is { } trace ? mask.Hide(trace) : null;
        HResult = exception.HResult;
    }

    public override string? StackTrace => _stackTrace ?? base.StackTrace;

    /// <summary>As the exception that it stands for, type and all.</summary>
    public override string ToString() => _text;
}
