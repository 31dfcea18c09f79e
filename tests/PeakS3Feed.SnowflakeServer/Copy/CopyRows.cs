using System.Globalization;
using System.IO.Compression;
using System.Text;
using PeakS3Feed.TestServers.Csv;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>Reads the rows of a file and checks them against the columns.</summary>
internal sealed class CopyRows(CopyTarget target, CopyIntoStatement copy)
{
    // Snowflake's limit is that of a value; a row of more is none of ours.
    private const int LongestRow = 64 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its name in errors.</param>
    /// <param name="content">Its content as it is stored.</param>
    /// <param name="add">Takes the text of each row in PostgreSQL's form for COPY.</param>
    /// <param name="refuse">Takes each error; it may throw.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The number of rows, with those that were refused.</returns>
    public async Task<long> ReadAsync(
        string file, Stream content, Func<StringBuilder, ValueTask> add, Action<CopyError> refuse, CancellationToken ct)
    {
        await using var stream = copy.Gzip ? new GZipStream(content, CompressionMode.Decompress) : content;
        var (number, offset, text) = (0L, 0L, new StringBuilder());
        try
        {
            foreach (var row in new StagedCsv(stream, copy.Delimiter, LongestRow, copy.HeaderLines, copy.SkipsBlankLines).Read())
            {
                ct.ThrowIfCancellationRequested();
                number++;
                if (Write(text.Clear(), file, row, number, offset) is { } error)
                    refuse(error);
                else
                    await add(text);
                offset += row.Raw.Length + 1;
            }
        }
        catch (CsvRowException e)
        {
            // Without the row's end, nothing of the file behind it can be read.
            number++;
            var raw = Encoding.UTF8.GetString(e.Raw.Span);
            var line = e.Line + raw.Count(c => c == '\n');
            refuse(new CopyError(
                file, line, raw.Length - raw.LastIndexOf('\n'), offset, target.Describe(0), number, e.Line, raw, CopyError.From(e.Fault)));
        }
        catch (InvalidDataException e)
        {
            throw new RefusalException(
                "22000",
                $"Invalid data encountered during decompression for file: '{file}',compression type used: 'GZIP', cause: '{e.Message}'", "100140");
        }
        return number;
    }

    private CopyError? Write(StringBuilder text, string file, CsvRow row, long number, long offset)
    {
        var columns = target.Columns;
        if (row.Fields.Count != columns.Count && !(copy.LacksColumns && row.Fields.Count < columns.Count))
        {
            var problem = new CopyProblem("100080", "22000", string.Create(
                CultureInfo.InvariantCulture,
                $"Number of columns in file ({row.Fields.Count}) does not match that of the corresponding table ({columns.Count}), ")
                + "use file format option error_on_column_count_mismatch=false to ignore this error", "parsing");
            return Error(file, row, number, offset, row.Fields.Count - 1, target.Describe(row.Fields.Count - 1), problem);
        }
        for (var i = 0; i < columns.Count; i++)
        {
            CopyProblem? problem = null;
            var value = i < row.Fields.Count ? columns[i].Value(row.Fields[i], copy, out problem) : null;
            if (problem is not null)
                return Error(file, row, number, offset, i, target.Describe(i), problem);
            if (i > 0)
                text.Append('\t');
            Escape(text, value);
        }
        text.Append('\n');
        return null;
    }

    private static CopyError Error(string file, CsvRow row, long number, long offset, int field, string column, CopyProblem problem)
    {
        var before = row.Raw.Span[..row.Fields[field].Start];
        var line = row.Line + before.Count((byte)'\n');
        var character = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new(file, line, character, offset, column, number, row.Line, Encoding.UTF8.GetString(row.Raw.Span), problem);
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
