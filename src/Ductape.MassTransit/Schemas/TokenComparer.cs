using Newtonsoft.Json.Linq;

namespace Ductape.MassTransit;

/// <summary>
/// Tokens by their values. Newtonsoft's own comparer joins the hashes of what is in a list or object with an exclusive or, so that lists in another order and
/// objects with a value twice have all the same one, and a set of them takes time by the square of their number.
/// </summary>
internal sealed class TokenComparer : IEqualityComparer<JToken>
{
    public static readonly TokenComparer Instance = new();

    public bool Equals(JToken? x, JToken? y) => JToken.DeepEquals(x, y);

    public int GetHashCode(JToken token)
    {
        switch (token)
        {
            case JObject members:
                // The order of properties makes no other object.
                var sum = members.Count;
                foreach (var (name, value) in members)
                    sum += HashCode.Combine(name, GetHashCode(value!));
                return sum;
            case JArray elements:
                var hash = new HashCode();
                foreach (var element in elements)
                    hash.Add(GetHashCode(element));
                return hash.ToHashCode();
            default:
                return HashCode.Combine(token.Type, ((JValue)token).Value);
        }
    }
}
