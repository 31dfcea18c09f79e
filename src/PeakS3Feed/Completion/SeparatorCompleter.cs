using System.Collections;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the separators that have names.</summary>
public sealed class SeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new("Comma", ","),
        new("Tab", "A tab; the same as `t and \\t"),
        new("Pipe", "|"),
        new("Semicolon", ";"),
        new("Space", "A space"),
        new("Auto", "Detected in the first file, then kept"),
    ];
}
