namespace PeakS3Feed.Integration.Remedies;

/// <summary>What a person sees after a command.</summary>
/// <param name="Succeeded">Whether it ended with exit code 0, or without an error record.</param>
/// <param name="Ids">The ids of its errors, which only PowerShell shows.</param>
/// <param name="Text">All that was written.</param>
/// <param name="Commands">The commands that were suggested.</param>
internal sealed record Answer(bool Succeeded, IReadOnlyList<string> Ids, string Text, IReadOnlyList<string> Commands)
{
    /// <summary>The one suggestion that holds a text.</summary>
    public string Suggestion(string part)
    {
        var found = Commands.Distinct(StringComparer.Ordinal).Where(c => c.Contains(part, StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(found.Count == 1, $"\"{part}\" is in {found.Count} of the suggested commands:\n{string.Join('\n', Commands)}\n--- of\n{Text}");
        return found[0];
    }
}
