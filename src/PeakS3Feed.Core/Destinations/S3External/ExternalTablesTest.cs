using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Tests whether loads into tables on S3 would work: writing, conditional writing, reading, listing, Parquet, and deleting.</summary>
/// <param name="definition">The definition.</param>
/// <param name="root">The folder of the tables.</param>
/// <param name="logger">Logs files that stay.</param>
internal sealed class ExternalTablesTest(S3ExternalDestination definition, IStagingArea root, ILogger logger)
{
    private static readonly byte[] Content = "peaks3feed\n"u8.ToArray();

    private readonly string _folder = $"_peaks3feed_test/{Guid.NewGuid():N}/";
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    private string First => _folder + "1";

    private string Parquet => _folder + "2.parquet";

    /// <summary>Runs the checks in order. Those that need an earlier one that failed are left out. Leaves nothing behind.</summary>
    public async IAsyncEnumerable<DestinationCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            var write = await TryAsync("Write", WriteAsync, "write", cancellationToken);
            yield return write;
            if (write.Passed)
            {
                yield return await TryAsync("ConditionalWrite", WriteAgainAsync, "write", cancellationToken);
                yield return await TryAsync("Read", ReadAsync, "read", cancellationToken);
                yield return await TryAsync("List", ListAsync, "list", cancellationToken);
                yield return await TryAsync("Parquet", WriteParquetAsync, "write and read", cancellationToken);
                yield return await TryAsync("Delete", DeleteAsync, "delete", cancellationToken);
            }
        }
        finally
        {
            await CleanAsync();
        }
    }

    private async Task<DestinationCheck> TryAsync(
        string step, Func<CancellationToken, Task<string>> action, string verb, CancellationToken cancellationToken)
    {
        try
        {
            return new(step, true, await action(cancellationToken));
        }
        catch (FeedException e)
        {
            return new(step, false, e.Message, e.Hint ?? Hint(verb)) { Remedies = e.Remedies };
        }
        catch (InvalidDataException e)
        {
            return new(step, false, e.Message, Hint(verb)) { Remedies = [Remedy.TestConnection(definition.ConnectionName)] };
        }
    }

    private string Hint(string verb) => $"Check connection {definition.ConnectionName}, and allow it to {verb} in {root.Location}.";

    private async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        _files.Add(First);
        return await root.TryCreateAsync(First, Content, cancellationToken)
            ? root.Location
            : throw new InvalidDataException($"{root.GetUri(First)} exists already, although nobody has written it.");
    }

    private async Task<string> WriteAgainAsync(CancellationToken cancellationToken)
        => await root.TryCreateAsync(First, "other"u8.ToArray(), cancellationToken)
            ? throw ExternalTableErrors.ConditionIgnored(definition.Name, root.Location)
            : "a file that exists is not replaced";

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
        => (await root.FindAsync(First, cancellationToken)).AsSpan().SequenceEqual(Content)
            ? $"{Content.Length} bytes"
            : throw new InvalidDataException($"{root.GetUri(First)} is not the file that was written.");

    private async Task<string> ListAsync(CancellationToken cancellationToken)
        => await root.ListAfterAsync(_folder, "", cancellationToken).AnyAsync(f => f.Name == First, cancellationToken)
            ? root.Location
            : throw new InvalidDataException($"The listing of {root.Location} does not have the file that was written.");

    private async Task<string> WriteParquetAsync(CancellationToken cancellationToken)
    {
        var column = new FeedColumn("id", "", ColumnType.BigInt);
        var values = new FixedVector<long>(column);
        values.Append(1);
        _files.Add(Parquet);
        ParquetFileInfo info;
        var options = new ParquetOptions(definition.Compression);
        await using (var writer = new ParquetFileWriter(root.Create(Parquet), [new ParquetField(column, 1)], options))
        {
            await writer.WriteAsync([values], 0, 1, cancellationToken);
            info = await writer.CompleteAsync(cancellationToken);
        }
        await using var reader = await TableFile.OpenAsync(root, Parquet, info.Bytes, cancellationToken);
        await foreach (var rows in reader.ReadAsync([column], cancellationToken))
        {
            if (rows.Count == 1 && ((FixedVector<long>)rows.Columns[0])[0] == 1)
                return $"1 row, {definition.Compression}";
        }
        throw new InvalidDataException($"{root.GetUri(Parquet)} is not the file that was written.");
    }

    private async Task<string> DeleteAsync(CancellationToken cancellationToken)
    {
        await root.DeleteAsync(_files, cancellationToken);
        if (await root.FindAsync(First, cancellationToken) is not null)
            throw new InvalidDataException($"{root.GetUri(First)} is still there after it was deleted.");
        _files.Clear();
        return $"deleted from {root.Location}";
    }

    private async Task CleanAsync()
    {
        if (_files.Count == 0)
            return;
        try
        {
            await root.DeleteAsync(_files, CancellationToken.None);
        }
        catch (FeedException e)
        {
            logger.LogWarning("The test of {Location} leaves files in {Folder}: {Reason}", root.Location, _folder, e.Message);
        }
    }
}
