namespace PeakS3Feed.TestServers.Sql;

/// <summary>A statement that a stand-in refuses, with the error that the client gets.</summary>
/// <param name="state">The SQLSTATE.</param>
/// <param name="message">The message.</param>
/// <param name="code">The service's own code; empty if it has none.</param>
public sealed class RefusalException(string state, string message, string code = "") : Exception(message)
{
    /// <summary>The SQLSTATE.</summary>
    public string State { get; } = state;

    /// <summary>The service's own code; empty if it has none.</summary>
    public string Code { get; } = code;

    /// <summary>For text that is no SQL.</summary>
    public static RefusalException Syntax(string message) => new("42601", message);
}
