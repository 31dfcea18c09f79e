using System.Collections;
using System.Management.Automation.Language;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the types of one column of the feed that the command names, as a table: <c>@{ price = 'decimal(38,2)' }</c>.</summary>
public sealed class ColumnTypeCompleter : StoreCompleter
{
    private static readonly string[] Types = ["text", "boolean", "bigint", "decimal(38,2)", "double", "date", "timestamp", "timestamptz", "json"];

    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given)
        => ColumnCompleter.FindColumns(definitions, given).SelectMany(c => Types.Where(t => t != c.ToolTip)
            .Select(t => new Candidate($"@{{ '{CodeGeneration.EscapeSingleQuotedStringContent(c.Value)}' = '{t}' }}", $"{c.Value} is {c.ToolTip} now")
            {
                IsCode = true,
            }));
}
