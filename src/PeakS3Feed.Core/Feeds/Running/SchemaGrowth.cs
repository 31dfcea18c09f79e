using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Handles columns that were added after a lane began to read an object.</summary>
internal static class SchemaGrowth
{
    /// <summary>
    /// Whether an object gives the same rows, rejects and warnings with columns that were added since it was read. This is so if all its fields
    /// belong to columns that it was read with, and none belongs to a new column, not even in another spelling. At least one batch must be finished.
    /// </summary>
    /// <param name="reading">The object.</param>
    /// <param name="now">The columns as they are now.</param>
    /// <param name="keys">The names of the key's columns.</param>
    public static bool IsWithout(ObjectReading reading, FeedSchema now, IReadOnlyList<string> keys)
    {
        var known = reading.Schema.Columns;
        if (reading.Fields is not { } fields || !now.Columns.Take(known.Count).SequenceEqual(known))
            return false;
        var added = now.Columns.Skip(known.Count).ToList();
        var spellings = fields.Select(FieldNames.Fold).ToHashSet(StringComparer.Ordinal);
        return added.Count > 0
            && !added.Exists(c => spellings.Contains(FieldNames.Fold(c.Field)) || keys.Contains(c.Name, StringComparer.Ordinal))
            && FeedsAll(fields, [.. known.Select(c => c.Field)], folds: !reading.FieldsGrow);
    }

    /// <summary>Returns the batch with the columns that it lacks, which are NULL in each row.</summary>
    public static AssembledBatch Widen(AssembledBatch batch, FeedSchema schema)
    {
        var rows = batch.Rows;
        var added = schema.Columns.Skip(rows.Columns.Length).Select(column =>
        {
            var vector = ColumnVector.Create(column);
            vector.AppendNulls(rows.Count);
            return vector;
        }).ToList();
        return batch with
        {
            Rows = rows.With(schema, [.. rows.Columns, .. added]),
            FileHas = batch.FileHas is { } has ? [.. has, .. added.Select(_ => false)] : null,
        };
    }

    private static bool FeedsAll(IReadOnlyList<string> fields, IReadOnlyList<string> known, bool folds)
        => folds ? Array.TrueForAll(HeaderMatch.Find(fields, known), at => at >= 0) : !fields.Except(known, StringComparer.Ordinal).Any();
}
