using System.IO.Compression;
using System.Text;
using PeakS3Feed.RedshiftServer.Catalog;
using PeakS3Feed.TestServers.Csv;
using PeakS3Feed.TestServers.Redshift;

namespace PeakS3Feed.RedshiftServer.Copy;

/// <summary>Reads the rows of a manifest's files and checks them against the columns.</summary>
internal sealed class CopyRows(CopyStatement copy, CopyTarget target, StagedFiles files)
{
    /// <summary>All rows, in the order of the manifest, in PostgreSQL's text form for COPY.</summary>
    /// <param name="manifest">The files.</param>
    /// <param name="add">Takes the text of a row, with its line end.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="LoadErrorException">A row does not fit.</exception>
    public async Task ReadAsync(IReadOnlyList<ManifestFile> manifest, Func<StringBuilder, ValueTask> add, CancellationToken ct)
    {
        var text = new StringBuilder();
        await ForEachAsync(manifest, async (file, row) =>
        {
            text.Clear();
            Append(text, file, row);
            await add(text);
            return true;
        }, ct);
    }

    /// <summary>The errors of the rows that do not fit, at most one more than <paramref name="max"/>.</summary>
    public async Task<IReadOnlyList<LoadError>> CheckAsync(IReadOnlyList<ManifestFile> manifest, int max, CancellationToken ct)
    {
        List<LoadError> errors = [];
        var text = new StringBuilder();
        await ForEachAsync(manifest, (file, row) =>
        {
            try
            {
                Append(text.Clear(), file, row);
            }
            catch (LoadErrorException e)
            {
                errors.Add(e.Error);
            }
            return ValueTask.FromResult(errors.Count <= max);
        }, ct);
        return errors;
    }

    /// <summary>The row of a number, from 1, over all files.</summary>
    public async Task<LoadError> FindAsync(
        IReadOnlyList<ManifestFile> manifest, long number, string? column, LoadProblem problem, CancellationToken ct)
    {
        LoadError? found = null;
        await ForEachAsync(manifest, (file, row) =>
        {
            if (--number > 0)
                return ValueTask.FromResult(true);
            var index = target.Columns.ToList().FindIndex(c => c.Name == column);
            found = index < 0 ? new LoadError(file.Url, row.Line, null, 0, row.RawLine, "", problem) : Error(file, row, index, problem);
            return ValueTask.FromResult(false);
        }, ct);
        return found ?? throw new InvalidOperationException("PostgreSQL refused a row that the files do not have.");
    }

    private async Task ForEachAsync(IReadOnlyList<ManifestFile> manifest, Func<ManifestFile, CsvRow, ValueTask<bool>> visit, CancellationToken ct)
    {
        foreach (var file in manifest)
        {
            using var response = await files.OpenAsync(file, copy.Role, ct);
            if (response is null)
                continue;
            await using var stream = copy.Gzip ? new GZipStream(response.ResponseStream, CompressionMode.Decompress) : response.ResponseStream;
            try
            {
                foreach (var row in new StagedCsv(stream, copy.Delimiter, CopyStatement.LongestRow, copy.HeaderRows, copy.SkipsBlankLines).Read())
                {
                    ct.ThrowIfCancellationRequested();
                    if (!await visit(file, row))
                        return;
                }
            }
            catch (CsvRowException e)
            {
                throw new LoadErrorException(new LoadError(file.Url, e.Line, null, 0, CsvRow.Visible(e.Raw.Span), "", LoadProblem.From(e.Fault)));
            }
            catch (InvalidDataException e)
            {
                throw RedshiftRefusal.FromRedshift("XX000", $"{file.Url} is not a whole gzip file: {e.Message}");
            }
        }
    }

    private void Append(StringBuilder text, ManifestFile file, CsvRow row)
    {
        var columns = target.Columns;
        if (row.Fields.Count > columns.Count)
            throw new LoadErrorException(Error(file, row, columns.Count - 1, LoadProblem.ExtraColumns));
        if (row.Fields.Count < columns.Count)
        {
            var missing = columns[row.Fields.Count];
            throw new LoadErrorException(new LoadError(file.Url, row.Line, missing, 0, row.RawLine, "", LoadProblem.MissingDelimiter));
        }
        for (var i = 0; i < columns.Count; i++)
        {
            var value = columns[i].Value(row.Fields[i].Bytes.Span, copy, out var problem);
            if (problem is not null)
                throw new LoadErrorException(Error(file, row, i, problem));
            if (i > 0)
                text.Append('\t');
            Escape(text, value);
        }
        text.Append('\n');
    }

    private LoadError Error(ManifestFile file, CsvRow row, int column, LoadProblem problem)
    {
        var field = row.Fields[column];
        return new LoadError(file.Url, row.Line, target.Columns[column], field.Start, row.RawLine, CsvRow.Visible(field.Bytes.Span), problem);
    }

    private static void Escape(StringBuilder text, string? value)
    {
        if (value is null)
        {
            text.Append("\\N");
            return;
        }
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ => text.Append(character),
            };
        }
    }
}
