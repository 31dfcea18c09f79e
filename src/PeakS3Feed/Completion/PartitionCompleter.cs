using System.Collections;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the fields that can divide a table into partitions: columns, and parts of dates.</summary>
public sealed class PartitionCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given)
        => ColumnCompleter.FindColumns(definitions, given).SelectMany(Fields);

    // The tool tip of a column is its type.
    private static IEnumerable<Candidate> Fields(Candidate column)
        => Enum.GetValues<PartitionPart>().Select(p => new PartitionField(column.Value, p))
            .Where(f => f.Suits(ColumnTypes.Parse(column.ToolTip).Type))
            .Select(f => new Candidate(f.ToString(), $"{f.Name} of {column.Value} {column.ToolTip}"));
}
