using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>What the name of a feed's table must obey.</summary>
internal static class TableRules
{
    private const string Ours = "peaks3feed_";
    private const string Field = nameof(S3Feed.Table);

    public static DefinitionProblem? Check(string table)
    {
        if (string.IsNullOrWhiteSpace(table)) return new(Field, "The table's name is blank.", "Leave it out for the feed's name.");
        if (table.StartsWith(Ours, StringComparison.OrdinalIgnoreCase))
            return new(Field, $"The table \"{table}\" would be among those that hold the ledger.", $"Take a name that does not begin with {Ours}.");
        return !table.Contains('.', StringComparison.Ordinal) ? null : new(
            Field,
            $"The table's name \"{table}\" holds a dot, and the schema is no part of it.",
            "The schema belongs to the destination: set it there, and give the table's name alone.");
    }
}
