using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Access;

/// <summary>One way in which a connection can be broken, and what its test must say.</summary>
/// <param name="Name">The case.</param>
/// <param name="Break">Breaks it.</param>
/// <param name="Outcomes">A letter for each step, in order: Passed, Failed, Skipped.</param>
/// <param name="Id">The id of the error.</param>
/// <param name="Code">The service's code; null where none answered.</param>
/// <param name="Hint">What the hint must have: the layer and the mend.</param>
internal sealed record AccessCase(string Name, Action<FakeS3> Break, string Outcomes, string Id, string? Code, params string[] Hint)
{
    /// <summary>What the message must have.</summary>
    public string Message { get; init; } = "";

    /// <summary>A command to type next, for the shell; null when there is none to be named.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the base credentials are used as they are.</summary>
    public bool NoRole { get; init; }

    /// <summary>What else is special about the connection.</summary>
    public Func<S3Connection, S3Connection> Connection { get; init; } = c => c;

    /// <summary>The step at fault: the last that failed, for a refusal by KMS fails the reading as well.</summary>
    public ConnectionStep Step => (ConnectionStep)Outcomes.LastIndexOf('F');

    /// <summary>Whether the service's request id must be there.</summary>
    public bool HasRequestId => Code is not null;

    public override string ToString() => Name;
}
