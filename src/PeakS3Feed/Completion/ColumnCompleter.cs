using System.Collections;
using System.Management.Automation;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the columns of the schema that the command gives, otherwise those of the feed that it names.</summary>
public sealed class ColumnCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given)
        => FindColumns(definitions, given);

    /// <summary>The columns, as candidates whose tool tip is the type.</summary>
    internal static IEnumerable<Candidate> FindColumns(StoreDefinitions definitions, IDictionary given)
    {
        var columns = Given(given["Schema"]).ToList();
        return columns.Count > 0 ? columns : Stored(definitions, given["Name"]);
    }

    private static IEnumerable<Candidate> Given(object? schema)
        => LanguagePrimitives.GetEnumerable(schema)?.Cast<object>().Select(PSObject.AsPSObject).Select(Column).OfType<Candidate>() ?? [];

    private static Candidate? Column(PSObject column)
        => column.Properties["Name"]?.Value is string name ? new(name, $"{column.Properties["Type"]?.Value}") : null;

    private static IEnumerable<Candidate> Stored(StoreDefinitions definitions, object? names)
        => (LanguagePrimitives.ConvertTo<string[]>(names) ?? [])
            .Select(definitions.FindFeed)
            .SelectMany(f => f?.Schema?.Columns ?? [])
            .Select(c => new Candidate(c.Name, c.TypeName))
            .DistinctBy(c => c.Value, StringComparer.Ordinal);
}
