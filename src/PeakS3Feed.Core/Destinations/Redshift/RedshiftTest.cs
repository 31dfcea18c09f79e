using PeakS3Feed.Destinations.Warehouses;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Tests whether a load into Redshift would work: login, rights in the schema, the place for staged files, and a COPY of one row.</summary>
internal sealed class RedshiftTest(RedshiftDestination definition, RedshiftChannels channels, WarehouseParts parts)
{
    private static readonly byte[] Row = "1,peaks3feed\n"u8.ToArray();

    private readonly string _name = $"peaks3feed_test_{Guid.NewGuid():N}";
    private IRedshiftChannel? _channel;
    private bool _created;
    private StagedPart? _staged;

    private string Table => parts.Dialect.Table(_name);

    private string FileName => $"test/{_name}.csv.gz";

    private string ManifestName => $"test/{_name}.manifest";

    /// <summary>Runs the checks in order. Those that need an earlier one that failed are left out. Leaves nothing behind.</summary>
    public async IAsyncEnumerable<DestinationCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            var login = definition.Host is null
                ? "Check the database, the workgroup or cluster, and the AWS credentials."
                : "Check host, port, database and login.";
            yield return await TryAsync("Connect", ConnectAsync, login, cancellationToken);
            if (_channel is not null)
            {
                var grant = $"Create schema \"{definition.Schema}\" unless it exists, and grant the database user USAGE and CREATE on it.";
                yield return await TryAsync("CreateTable", CreateTableAsync, grant, cancellationToken);
            }
            var staging = $"Check connection {definition.StagingConnection}, and allow it to write, read and delete there.";
            yield return await TryAsync("StagingWrite", WriteAsync, staging, cancellationToken);
            if (_staged is not null)
                yield return await TryAsync("StagingRead", ReadAsync, staging, cancellationToken);
            if (_created && _staged is not null)
            {
                var copy = $"The role {definition.IamRole ?? "of the warehouse (its default role)"} must be attached to the warehouse "
                    + "and may read the staged files.";
                yield return await TryAsync("Copy", CopyAsync, copy, cancellationToken);
            }
            if (_staged is not null)
                yield return await TryAsync("StagingDelete", DeleteAsync, staging, cancellationToken);
        }
        finally
        {
            await CleanAsync();
        }
    }

    private async Task<DestinationCheck> TryAsync(
        string step, Func<CancellationToken, Task<string>> action, string hint, CancellationToken cancellationToken)
    {
        try
        {
            return new(step, true, await action(cancellationToken));
        }
        catch (StatementRefusedException e) when (e.Refusal != StatementRefusal.FilesRefused && e.InnerException is not FeedException)
        {
            // The warehouse's own words; the hint of a run's error is about feeds.
            return new(step, false, e.Message, hint);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (e as FeedException ?? channels.Errors.Translate(e)) is FeedException shown
                ? new(step, false, shown.Message, shown.Hint ?? hint) { Remedies = GetRemedies(shown) }
                : new(step, false, e.Message, hint);
        }
    }

    private IReadOnlyList<Remedy> GetRemedies(FeedException error)
        => error.Id == "DestinationCallDenied" ? [Remedy.DestinationPolicy(definition.Name, "DataApi")] : error.Remedies;

    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        var channel = await channels.OpenAsync(_name, cancellationToken);
        try
        {
            var row = await channel.QueryAsync(new("SELECT version(), current_user"), cancellationToken).SingleAsync(cancellationToken);
            _channel = channel;
            var security = definition.Host is null ? "HTTPS" : $"SslMode {definition.SslMode}";
            return $"{Version(row[0] ?? "")} as {row[1]}, {security}";
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    // PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC …, Redshift 1.0.12345
    private static string Version(string version)
        => version.Split(", ").FirstOrDefault(p => p.StartsWith("Redshift", StringComparison.Ordinal)) ?? version;

    private async Task<string> CreateTableAsync(CancellationToken cancellationToken)
    {
        await _channel!.ExecuteAsync(new($"CREATE TABLE {Table} (id BIGINT, name VARCHAR(256))"), cancellationToken);
        _created = true;
        return $"a table in schema \"{definition.Schema}\"";
    }

    private async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Row);
        await using var file = parts.Area.Create(FileName);
        await file.WriteAsync(bytes.ToArray(), cancellationToken);
        await file.CompleteAsync(cancellationToken);
        _staged = new StagedPart(parts.Area.GetUri(FileName), bytes.Length, "", 1, new FeedSchema([]));
        return _staged.Uri;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file = await parts.Area.OpenAsync(FileName, cancellationToken);
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        using var read = new MemoryStream();
        await content.CopyToAsync(read, cancellationToken);
        return read.ToArray().AsSpan().SequenceEqual(Row)
            ? string.Create(CultureInfo.InvariantCulture, $"{_staged!.Bytes} bytes")
            : throw new InvalidDataException($"{_staged!.Uri} is not the file that was written.");
    }

    private async Task<string> CopyAsync(CancellationToken cancellationToken)
    {
        await CopyManifest.WriteAsync(parts.Area, ManifestName, [_staged!], cancellationToken);
        var copy = new RedshiftCopy(_channel!, parts, definition, channels.Errors).CreateCopy(_name, ["id", "name"], ManifestName, NullToken.Create().Text);
        await _channel!.ExecuteAsync(new(copy), cancellationToken);
        var rows = await _channel.QueryAsync(new($"SELECT COUNT(*) FROM {Table}"), cancellationToken).SingleAsync(cancellationToken);
        return rows[0] == "1"
            ? $"1 row with {definition.IamRole ?? "the default role"}"
            : throw new InvalidDataException($"COPY loaded {rows[0]} rows instead of 1.");
    }

    private async Task<string> DeleteAsync(CancellationToken cancellationToken)
    {
        await parts.Area.DeleteAsync([FileName, ManifestName], cancellationToken);
        _staged = null;
        return $"deleted from {parts.Area.Location}";
    }

    private async Task CleanAsync()
    {
        if (_staged is not null)
            await TryCleanAsync($"{parts.Area.Location}{FileName}", parts.Area.DeleteAsync([FileName, ManifestName], CancellationToken.None));
        if (_created)
            await TryCleanAsync($"the table {Table}", _channel!.ExecuteAsync(new($"DROP TABLE IF EXISTS {Table}"), CancellationToken.None));
        if (_channel is not null)
            await _channel.DisposeAsync();
    }

    // One that fails does not keep the other one from going.
    private async Task TryCleanAsync(string what, Task cleaning)
    {
        try
        {
            await cleaning;
        }
        catch (Exception e)
        {
            parts.Logger.LogWarning("The test of {Location} leaves {What}: {Reason}", channels.Location, what, e.Message);
        }
    }
}
