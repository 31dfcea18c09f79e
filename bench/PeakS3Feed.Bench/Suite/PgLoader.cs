using System.Globalization;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>pgloader, which reads its instructions from a file and the CSV from standard input.</summary>
internal sealed class PgLoader(BenchContext context)
{
    public async Task<Command> CommandAsync(string packed, string table)
    {
        var names = string.Join(", ", BenchColumn.All.Select(c => c.Name));
        var server = context.Postgres;
        var target = string.Create(CultureInfo.InvariantCulture, $"postgresql://{server.User}:{server.Password}@{server.Host}:{server.Port}/{PostgresServer.Database}");
        var script = context.Place("pgloader.load");
        await File.WriteAllTextAsync(
            script,
            $"""
            LOAD CSV FROM stdin ({names})
            INTO {target}?tablename={table} ({names})
            WITH skip header = 1, fields optionally enclosed by '"', fields escaped by double-quote, fields terminated by ','
            SET client_encoding TO 'utf8';
            """);
        return new("sh", "-c", $"gzip -dc '{packed}' | pgloader --quiet --root-dir '{context.Place("pgloader", "x").TrimEnd('x')}' '{script}'");
    }
}
