using System.Collections;
using System.Management.Automation.Language;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes a parameter's values. If anything fails, it offers nothing: a person who presses Tab did not ask for an error.</summary>
public abstract class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var text = new CompletionText(wordToComplete);
            return [.. Candidates(fakeBoundParameters, text.Typed)
                .Where(c => text.Matches(c.Value) && !c.Value.Any(char.IsControl)) // which nobody could type, and the terminal would obey
                .Select(c => new CompletionResult(c.IsCode ? c.Value : text.Write(c.Value), c.Value, CompletionResultType.ParameterValue, c.ToolTip))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>Returns all values, in the order to show them. May throw.</summary>
    /// <param name="given">The command's other parameters, as far as they are known without running code.</param>
    private protected abstract IEnumerable<Candidate> Candidates(IDictionary given);

    /// <summary>The same for a parameter whose values are too many to return those that do not begin with the typed text.</summary>
    private protected virtual IEnumerable<Candidate> Candidates(IDictionary given, string typed) => Candidates(given);
}

/// <summary>A value to offer.</summary>
/// <param name="Value">The value.</param>
/// <param name="ToolTip">The text that explains it.</param>
internal sealed record Candidate(string Value, string ToolTip)
{
    /// <summary>Whether the value is code, which needs no quotes.</summary>
    public bool IsCode { get; init; }
}
