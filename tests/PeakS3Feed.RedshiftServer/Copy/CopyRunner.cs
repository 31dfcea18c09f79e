using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3;
using PeakS3Feed.RedshiftServer.Catalog;
using PeakS3Feed.RedshiftServer.Protocol;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.Copy;

/// <summary>
/// Runs a COPY on the connection of its caller, and so inside the caller's transaction: it reads the files and sends the rows to PostgreSQL
/// as a COPY … FROM STDIN.
/// </summary>
internal sealed partial class CopyRunner(StandInCatalog catalog, StagedFiles files, Backend backend)
{
    private const int SendAt = 64 * 1024;

    /// <summary>The rows and the number of the last COPY.</summary>
    public (long Rows, long Id) Last { get; private set; }

    /// <summary>Runs one.</summary>
    /// <exception cref="RefusalException">It failed, and the transaction is not yet ended.</exception>
    public async Task<WireMessage> RunAsync(CopyStatement copy, CancellationToken ct)
    {
        var id = await catalog.NextQueryAsync(ct);
        Last = (0, id);
        var (target, error) = await CopyTarget.FindAsync(backend, copy, ct);
        if (target is null)
            return error!;
        try
        {
            var manifest = CopyManifest.Read(copy.Manifest, await files.ReadAsync(copy.Manifest, copy.Role, ct));
            return await LoadAsync(copy, target, manifest, id, ct);
        }
        catch (AmazonS3Exception e)
        {
            throw StagedFiles.Refusal(e);
        }
    }

    private async Task<WireMessage> LoadAsync(
        CopyStatement copy, CopyTarget target, IReadOnlyList<ManifestFile> manifest, long id, CancellationToken ct)
    {
        var rows = new CopyRows(copy, target, files);
        if (copy.CheckedErrors is { } max)
            return await CheckAsync(copy, target, rows, manifest, (max, id), ct);
        try
        {
            var result = await SendAsync(copy, target, rows, manifest, ct);
            if (result.Error is { } refused)
            {
                if (await ExplainAsync(rows, manifest, refused, ct) is not { } error)
                    return refused;
                throw new LoadErrorException(error);
            }
            Last = (long.Parse(result.Tag.AsSpan("COPY ".Length), CultureInfo.InvariantCulture), id);
            return WireMessage.FromTexts('C', result.Tag);
        }
        catch (LoadErrorException e)
        {
            await catalog.AddAsync(e.Error, target.TableId, target.SessionId, id, ct);
            throw Failed(copy);
        }
    }

    private async Task<WireMessage> CheckAsync(
        CopyStatement copy, CopyTarget target, CopyRows rows, IReadOnlyList<ManifestFile> manifest, (int MaxErrors, long Id) check, CancellationToken ct)
    {
        var errors = await rows.CheckAsync(manifest, check.MaxErrors, ct);
        foreach (var error in errors)
            await catalog.AddAsync(error, target.TableId, target.SessionId, check.Id, ct);
        return errors.Count > check.MaxErrors ? throw Failed(copy) : WireMessage.FromTexts('C', "COPY 0");
    }

    private static RefusalException Failed(CopyStatement copy) => RedshiftRefusal.FromRedshift(
        "XX000", $"Load into table '{copy.TableName}' failed. Check 'sys_load_error_detail' system table for details.");

    private async Task<InjectedResult> SendAsync(
        CopyStatement copy, CopyTarget target, CopyRows rows, IReadOnlyList<ManifestFile> manifest, CancellationToken ct)
    {
        await backend.SendAsync(WireMessage.FromTexts('Q', target.Sql(copy)), ct);
        var first = await backend.ReadAsync(ct);
        while (first.Type is 'N' or 'S')
            first = await backend.ReadAsync(ct);
        if (first.Type is 'E')
        {
            await backend.ReadResultAsync(ct);
            return new InjectedResult([], "", first);
        }
        var block = new StringBuilder();
        try
        {
            await rows.ReadAsync(manifest, async row =>
            {
                block.Append(row);
                if (block.Length >= SendAt)
                    await SendBlockAsync(block, ct);
            }, ct);
            await SendBlockAsync(block, ct);
        }
        catch
        {
            await backend.SendAsync(WireMessage.FromTexts('f', "the stand-in ends it"), CancellationToken.None);
            await backend.ReadResultAsync(CancellationToken.None);
            throw;
        }
        await backend.SendAsync(WireMessage.Empty('c'), ct);
        return await backend.ReadResultAsync(ct);
    }

    private async Task SendBlockAsync(StringBuilder block, CancellationToken ct)
    {
        await backend.SendAsync(new WireMessage('d', Encoding.UTF8.GetBytes(block.ToString())), ct);
        block.Clear();
    }

    // PostgreSQL names the row in the error's context: "COPY t, line 3, column day: …". An error without a row is not one of the data.
    private static async Task<LoadError?> ExplainAsync(CopyRows rows, IReadOnlyList<ManifestFile> manifest, WireMessage refused, CancellationToken ct)
    {
        var fields = refused.Fields();
        if (!fields['C'].StartsWith("22", StringComparison.Ordinal) && !fields['C'].StartsWith("23", StringComparison.Ordinal))
            return null;
        if (Context().Match(fields.GetValueOrDefault('W', "")) is not { Success: true } match)
            return null;
        var column = match.Groups["column"] is { Success: true } group ? group.Value : null;
        var number = long.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture);
        return await rows.FindAsync(manifest, number, column, new LoadProblem(9005, $"Invalid value: {fields['M']}"), ct);
    }

    [GeneratedRegex(
        @"^COPY .+?, line (?<line>\d+)(?:, column (?<column>.+?)(?:: |$))?", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Context();
}
