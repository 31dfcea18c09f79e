using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes a parameter's values. Whatever goes wrong, there is nothing to complete then: nobody asked for an error.</summary>
public abstract class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var text = new CompletionText(wordToComplete);
            return [.. Candidates(fakeBoundParameters)
                .Where(c => text.Fits(c.Value))
                .Select(c => new CompletionResult(text.Write(c.Value), c.Value, CompletionResultType.ParameterValue, c.ToolTip))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>All values that may be meant, in the order to show them. May throw.</summary>
    /// <param name="given">The command's other parameters, as far as they are known without running anything.</param>
    private protected abstract IEnumerable<Candidate> Candidates(IDictionary given);
}
