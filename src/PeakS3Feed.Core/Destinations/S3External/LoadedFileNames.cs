using System.Runtime.CompilerServices;
using System.Text;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Finds the objects whose rows are in a table, by the audit column with their names.</summary>
internal sealed class LoadedFileNames(IStagingArea folder, DeltaLog log, TableLedger ledger, LoadTarget target)
{
    private static readonly FeedColumn Column = AuditColumn.FileName;

    /// <summary>Streams the names of a bucket's objects, each once; without those that another feed counts as its own.</summary>
    public async IAsyncEnumerable<string> ReadAsync(
        DeltaState state, IReadOnlyDictionary<Guid, LedgerHeader> others, string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (TableColumns.Read(state.Metadata, target).FindOrNull(Column.Name) is not { } column)
            yield break;
        var seen = new HashSet<UInt128>();
        foreach (var other in others.Values)
        {
            await foreach (var entry in ledger.ReadEntriesAsync(other.Segments, bucket, cancellationToken))
                seen.Add(KeyHasher.Hash(Encoding.UTF8.GetBytes($"s3://{bucket}/{entry.Key}")));
        }
        var prefix = Encoding.UTF8.GetBytes($"s3://{bucket}/");
        await foreach (var file in log.ReadFilesAsync(state, cancellationToken))
        {
            await using var reader = await TableFile.OpenAsync(folder, file.Name, file.Size, cancellationToken);
            await foreach (var rows in reader.ReadAsync([column], cancellationToken))
            {
                foreach (var name in FindNew((Utf8Vector)rows.Columns[0], rows.Count, prefix, seen))
                    yield return name;
            }
        }
    }

    private static List<string> FindNew(Utf8Vector names, int count, byte[] prefix, HashSet<UInt128> seen)
    {
        var found = new List<string>();
        for (var row = 0; row < count; row++)
        {
            // Rows of one object follow each other.
            if (names.IsNull(row) || !names[row].StartsWith(prefix) || (row > 0 && names[row].SequenceEqual(names[row - 1])))
                continue;
            if (seen.Add(KeyHasher.Hash(names[row])))
                found.Add(Encoding.UTF8.GetString(names[row]));
        }
        return found;
    }
}
