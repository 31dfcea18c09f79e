using System.Collections;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>The separators that have names.</summary>
public sealed class SeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new("Comma", ","),
        new("Tab", "A tab; `t and \\t mean the same"),
        new("Pipe", "|"),
        new("Semicolon", ";"),
        new("Space", "A blank"),
        new("Auto", "Detected in the first file that is read, then fixed"),
    ];
}
