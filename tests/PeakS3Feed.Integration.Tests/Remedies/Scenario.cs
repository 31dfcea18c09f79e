namespace PeakS3Feed.Integration.Remedies;

/// <summary>One situation in which the program suggests commands, and what they must do. The same in both languages.</summary>
/// <param name="Name">The situation.</param>
/// <param name="Sites">The places in the source whose commands it types: keys of <see cref="RemedySite"/>.</param>
/// <param name="PlayAsync">Brings it about, types the commands, and checks what came of them.</param>
internal sealed record Scenario(string Name, string[] Sites, Func<Stage, Task> PlayAsync)
{
    /// <summary>The one language in which the situation comes about; null for both.</summary>
    public Language? Only { get; init; }
}
