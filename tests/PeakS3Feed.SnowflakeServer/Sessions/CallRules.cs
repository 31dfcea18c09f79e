using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>Which rules of tests are for calls of the SQL API: those whose pattern names one, such as <c>^SnowflakeApi.Submit INSERT</c>.</summary>
internal static class CallRules
{
    /// <summary>What the name of a call begins with.</summary>
    public const string Calls = "SnowflakeApi.";

    /// <summary>Whether a rule is for calls rather than for statements.</summary>
    public static bool IsForCalls(ControlRule rule) => rule.Match.Contains(Calls[..^1], StringComparison.OrdinalIgnoreCase);
}
