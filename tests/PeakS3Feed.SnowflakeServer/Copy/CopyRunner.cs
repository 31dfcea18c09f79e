using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>
/// Runs a COPY INTO in a transaction of its own: it reads the files of the stage and sends the rows to PostgreSQL as COPY … FROM STDIN. It skips a
/// file that the table has loaded.
/// </summary>
internal sealed class CopyRunner(StatementSession session, CopyIntoStatement copy)
{
    private static readonly string[] LoadColumns =
    [
        "file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error", "first_error_line", "first_error_character",
        "first_error_column_name",
    ];

    /// <summary>Runs it.</summary>
    public async Task<SnowflakeResult> RunAsync(CancellationToken ct)
    {
        var stage = session.Parts.Account.FindStage(copy.Location, session.Scope);
        var target = await CopyTarget.FindAsync(session, copy, ct);
        CopyFiles.CheckIntegration(stage);
        return copy.OnlyValidates ? await ValidateAsync(stage, target, ct) : await LoadAsync(stage, target, ct);
    }

    private async Task<SnowflakeResult> ValidateAsync(SnowflakeStage stage, CopyTarget target, CancellationToken ct)
    {
        var errors = new List<IReadOnlyList<string?>>();
        var rows = new CopyRows(target, copy);
        foreach (var file in copy.Files)
        {
            using var found = await OpenAsync(stage, file, ct);
            await rows.ReadAsync(Name(stage, file), found.ResponseStream, _ => ValueTask.CompletedTask, e => errors.Add(e.Values), ct);
        }
        return SnowflakeResult.FromTexts(CopyError.ColumnNames, errors);
    }

    private async Task<SnowflakeResult> LoadAsync(SnowflakeStage stage, CopyTarget target, CancellationToken ct)
    {
        var loaded = new List<IReadOnlyList<string?>>();
        await using var transaction = await session.BeginAsync(ct);
        foreach (var file in copy.Files)
        {
            using var found = await OpenAsync(stage, file, ct);
            var uri = $"s3://{stage.Bucket}/{Key(stage, file)}";
            if (!await AddAsync(target, uri, found.ETag, ct))
                continue;
            var rows = Number(await LoadAsync(target, Name(stage, file), found.ResponseStream, ct));
            loaded.Add([uri, "LOADED", rows, rows, "1", "0", null, null, null, null]);
        }
        await transaction.CommitAsync(ct);
        return loaded.Count == 0
            ? SnowflakeResult.From("status", "Copy executed with 0 files processed.")
            : SnowflakeResult.FromTexts(LoadColumns, loaded);
    }

    private async Task<long> LoadAsync(CopyTarget target, string name, Stream content, CancellationToken ct)
    {
        var columns = string.Join(", ", target.Columns.Select(c => session.Scope.Quote(c.Name)));
        var writer = await session.Connection.BeginTextImportAsync($"COPY {target.Table} ({columns}) FROM STDIN", ct);
        long rows;
        try
        {
            rows = await new CopyRows(target, copy).ReadAsync(
                name, content, async text => await writer.WriteAsync(text, ct), e => throw e.Refusal, ct);
        }
        catch
        {
            await CancelAsync((NpgsqlCopyTextWriter)writer);
            throw;
        }
        try
        {
            await writer.DisposeAsync();
        }
        catch (PostgresException e)
        {
            throw new RefusalException(e.SqlState, $"{PostgresErrors.Translate(e).Message}\n  File '{name}' ({e.Where})", "100038");
        }
        return rows;
    }

    private static async Task CancelAsync(NpgsqlCopyTextWriter writer)
    {
        try
        {
            await writer.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection has ended with the error that the caller gets.
        }
    }

    private async Task<bool> AddAsync(CopyTarget target, string uri, string etag, CancellationToken ct)
        => await session.ExecuteAsync(
            "INSERT INTO snowflake_account.loaded_files VALUES (to_regclass($1), $2, $3) ON CONFLICT DO NOTHING", ct, target.Table, uri, etag) > 0;

    private async Task<GetObjectResponse> OpenAsync(SnowflakeStage stage, string file, CancellationToken ct)
    {
        try
        {
            return await session.Parts.Objects.OpenAsync(stage.Bucket, Key(stage, file), ct);
        }
        catch (AmazonS3Exception e)
        {
            throw CopyFiles.Refusal(e, $"s3://{stage.Bucket}/{Key(stage, file)}");
        }
    }

    private string Key(SnowflakeStage stage, string file) => stage.Prefix + copy.Location.Path + file;

    // As errors name the file.
    private string Name(SnowflakeStage stage, string file) => session.Parts.Options.FileNames switch
    {
        FileNameForm.Path => copy.Location.Path + file,
        FileNameForm.Stage => $"@{copy.Location.Stage[^1]}/{copy.Location.Path}{file}",
        _ => $"s3://{stage.Bucket}/{Key(stage, file)}",
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
