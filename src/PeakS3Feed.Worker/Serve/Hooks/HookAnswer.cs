namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>What a request to a webhook is answered with.</summary>
internal sealed record HookAnswer
{
    /// <summary>The feed.</summary>
    public string? Feed { get; init; }

    /// <summary>The run that will have seen all that has arrived by now.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Why nothing is run for it.</summary>
    public string? Ignored { get; init; }

    /// <summary>Why the request was refused.</summary>
    public string? Error { get; init; }
}
