namespace Ductape.MassTransit;

/// <summary>
/// What an answer of AWS says of the connection. MassTransit never asks: its bus is healthy while AWS is out of reach
/// and while it has no endpoint.
/// </summary>
internal static class AmazonSqsReach
{
    /// <summary>The queue that a probe asks for. That it is not there, or not ours to see, is an answer.</summary>
    public const string ProbeQueue = "ductape-probe";

    private static readonly HashSet<string> BadCredentials = new(StringComparer.OrdinalIgnoreCase)
    {
        "AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidSecurityToken", "MissingAuthenticationToken", "OptInRequired", "RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException",
    };

    /// <summary>Whether an error is still an answer to someone whom AWS knows.</summary>
    /// <param name="errorCode">AWS's error code, or null.</param>
    /// <param name="status">The HTTP status, or 0 where there was no answer.</param>
    public static bool IsReached(string? errorCode, int status) => status is >= 400 and < 500 && !BadCredentials.Contains(errorCode ?? "");

    /// <summary>Whether an error means that a topic or queue is gone which MassTransit keeps for ever.</summary>
    public static bool IsGone(string? errorCode) => errorCode is not null
        && (errorCode.EndsWith("NonExistentQueue", StringComparison.Ordinal) || errorCode is "QueueDoesNotExist" or "NotFound" or "NotFoundException");
}
