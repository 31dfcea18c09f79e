using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>Names for what is made without one.</summary>
internal static class FreeName
{
    /// <summary>The name that is wanted, cut at its beginning where it is too long, and with a number where it is taken.</summary>
    public static string Of(string wanted, Predicate<string> isTaken)
    {
        wanted = wanted.Length <= NameRules.MaxLength - 4 ? wanted : wanted[^(NameRules.MaxLength - 4)..].TrimStart('_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? wanted : $"{wanted}_{i}").First(n => !isTaken(n));
    }
}
