using System.Diagnostics;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Checks;

/// <summary>Hashes the rows of a table in PostgreSQL, which psql copies in text form.</summary>
internal sealed class PostgresRows(PostgresServer server)
{
    private readonly Projection _projection = new();
    private readonly RowHash _hash = new();
    private readonly TextBuffer _value = new();

    public async Task<string> HashAsync(string table)
    {
        var names = string.Join(", ", BenchColumn.All.Select(c => $"\"{c.Name}\""));
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'", "-c", $"COPY (SELECT {names} FROM \"{table}\") TO STDOUT"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in server.Variables)
            start.Environment[name] = value;
        using var psql = Process.Start(start) ?? throw new BenchException("psql did not start.");
        await new LineReader(psql.StandardOutput.BaseStream).ReadAsync(Add);
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0 ? _hash.ToString() : throw new BenchException($"psql could not copy {table} out.");
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        _projection.Begin();
        for (var column = 0; column < BenchColumn.All.Count; column++)
        {
            var tab = line.IndexOf((byte)'\t');
            Unescape(tab < 0 ? line : line[..tab]);
            _projection.Add(column, _value.Span);
            line = tab < 0 ? [] : line[(tab + 1)..];
        }

        _hash.Add(_projection.Line);
    }

    // https://www.postgresql.org/docs/15/sql-copy.html, text format. The rows contain only these escapes.
    private void Unescape(ReadOnlySpan<byte> text)
    {
        _value.Clear();
        if (text.SequenceEqual("\\N"u8))
            return;
        while (text.IndexOf((byte)'\\') is var at && at >= 0)
        {
            _value.Add(text[..at]);
            _value.Add(text[at + 1] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'\\' => (byte)'\\',
                _ => throw new FormatException("An escape that the rows do not need."),
            });
            text = text[(at + 2)..];
        }

        _value.Add(text);
    }
}
