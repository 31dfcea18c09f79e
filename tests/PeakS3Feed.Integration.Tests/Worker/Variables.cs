namespace PeakS3Feed.Integration.Worker;

/// <summary>Variables and one more.</summary>
internal static class Variables
{
    public static Dictionary<string, string?> And(this Dictionary<string, string?> variables, string name, string? value) => new(variables, StringComparer.Ordinal) { [name] = value };
}
