namespace PeakS3Feed.Destinations.Redshift;

/// <summary>How a statement or a batch of the Data API ended.</summary>
internal abstract record StatementOutcome
{
    private const string NoReason = "The Data API names no reason.";

    private StatementOutcome(string id) => Id = id;

    /// <summary>The id of the statement.</summary>
    public string Id { get; }

    /// <summary>It ended well. A batch is committed.</summary>
    /// <param name="Description">The final state.</param>
    public sealed record Finished(StatementDescription Description) : StatementOutcome(Description.Id ?? "")
    {
        /// <summary>The number of rows of each statement, in order: rows of its result, or rows that it changed; -1 if unknown.</summary>
        public IReadOnlyList<long> Rows { get; } = Description.SubStatements is { Count: > 0 } all
            ? [.. all.Select(s => s.ResultRows ?? -1)]
            : [Description.ResultRows ?? -1];
    }

    /// <summary>The database refused it. A batch is rolled back.</summary>
    /// <param name="StatementId">The id.</param>
    /// <param name="Error">The database's error.</param>
    /// <param name="FailedIndex">The index of the batch's statement that failed, from 0; null for a single statement, or if none is named.</param>
    public sealed record Failed(string StatementId, string Error, int? FailedIndex) : StatementOutcome(StatementId);

    /// <summary>It was cancelled. A batch is rolled back.</summary>
    /// <param name="StatementId">The id.</param>
    public sealed record Aborted(string StatementId) : StatementOutcome(StatementId);

    /// <summary>Converts a final state; null while the statement is not at its end.</summary>
    public static StatementOutcome? From(string id, StatementDescription description) => description.Status switch
    {
        StatementStatus.Finished => new Finished(description with { Id = id }),
        StatementStatus.Failed => FromFailure(id, description),
        StatementStatus.Aborted => new Aborted(id),
        _ => null,
    };

    private static Failed FromFailure(string id, StatementDescription description)
    {
        var all = description.SubStatements ?? [];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Status == StatementStatus.Failed)
                return new(id, all[i].Error ?? description.Error ?? NoReason, IndexIn(all[i].Id) ?? i);
        }
        return new(id, description.Error ?? NoReason, null);
    }

    // The id of a batch's statement ends with its number, from 1.
    private static int? IndexIn(string? id)
        => id?.Split(':') is [_, var number] && int.TryParse(number, out var n) && n > 0 ? n - 1 : null;
}
