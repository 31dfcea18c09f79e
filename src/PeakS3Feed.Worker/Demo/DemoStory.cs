using PeakS3Feed.Remedies;

namespace PeakS3Feed.Worker.Demo;

/// <summary>The steps of the demo, in order.</summary>
internal sealed class DemoStory(DemoShell shell, DemoFolder folder, DemoBucket bucket)
{
    private const string Query =
        "SELECT min(z.zip_code) AS zip_code, a.city, a.name FROM airports a JOIN zipcodes z USING (city, state) "
        + "WHERE state = 'MA' GROUP BY a.iata ORDER BY 1 LIMIT 5";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await DefineAsync(cancellationToken);
        await LoadAsync(cancellationToken);
        await LoadChangesAsync(cancellationToken);
        await RejectAsync(cancellationToken);
        End();
    }

    private async Task DefineAsync(CancellationToken cancellationToken)
    {
        shell.Step("A bucket, and a store", $"""
            The folder {folder.Bucket} stands in for a bucket on S3. It has public data: daily weather of two cities with a file for each year,
            the airports of the USA, and its zip codes in gzipped files. PeakS3Feed keeps definitions and runs in a store, also a folder:
            """);
        bucket.Fill();
        shell.Type(OperatingSystem.IsWindows()
            ? $"$env:PEAKS3FEED_HOME = {CommandText.PowerShellQuoted(folder.Store)}"
            : $"export PEAKS3FEED_HOME={CommandText.Shell(folder.Store)}");

        shell.Step("A connection, and a feed of each load type", $"""
            weather appends the rows of new files (Incremental), airports updates or inserts rows by key (Upsert), zipcodes replaces all rows of its
            table (TruncateInsert). This document defines them, {folder.Definitions}:
            """);
        var definitions = DemoDefinitions.Text(folder.Bucket);
        await File.WriteAllTextAsync(folder.Definitions, definitions, cancellationToken);
        shell.Show(definitions);
        await Run(["import", folder.Definitions], cancellationToken);
        await Run(["test", "public_data"], cancellationToken);

        shell.Step("Preview a file", """
            The columns are inferred from the newest, the oldest and the largest file. A type is chosen only if it gives every value back unchanged:
            zip codes with leading zeros stay text.
            """);
        await Run(["preview", "zipcodes", "--first", "3", "--key", "zipcodes/zip-0.csv.gz"], cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        shell.Step("Plan a run", "A plan lists the objects to load and the statements to execute. It changes nothing.");
        await Run(["run", "*", "--plan"], cancellationToken);
        shell.Step("Run", "The feeds name no destination, so the rows go to the built-in one: a SQLite database in the store.");
        await Run(["run", "*"], cancellationToken);
        shell.Step("Run again", "Each commit has the rows and the record of what was loaded, so nothing is loaded twice.");
        await Run(["run", "*"], cancellationToken);
    }

    private async Task LoadChangesAsync(CancellationToken cancellationToken)
    {
        shell.Step("New and changed files", """
            Now the weather of 2014 arrives (two new files), and a file of corrections to two airports; one of the ten files of zip codes is
            replaced by a version with one more zip code.
            """);
        bucket.AddWeather(2014);
        bucket.CorrectAirports();
        bucket.ExtendZipcodes();
        await Run(["run", "*"], cancellationToken);
        shell.Say("""
            Only the new files of weather and airports were read. When anything has changed, a TruncateInsert reads everything and replaces the
            rows in one commit.
            """);
    }

    private async Task RejectAsync(CancellationToken cancellationToken)
    {
        shell.Step("A bad row", "The weather of 2015 arrives, with a word in place of a number.");
        bucket.AddWeather(2015);
        bucket.Break("weather/seattle-2015.csv", line: 42, column: "temp_max", word: "mild");
        await Run(["run", "weather"], cancellationToken, expected: ExitCodes.Failed);
        await Run(["runs", "weather", "--rejects"], cancellationToken);
        shell.Say("""
            Nothing of that commit was loaded, not even the good file of New York. The producer fixes the file, and the feed continues where it was:
            """);
        bucket.AddWeather(2015);
        await Run(["run", "weather"], cancellationToken);
    }

    private void End()
    {
        shell.Step("Look at the rows", $"""
            The database is {folder.Database}. Try this query with the sqlite3 program:
            """);
        shell.Type($"sqlite3 -box {CommandText.Shell(folder.Database)} \"{Query}\"");
        shell.Say($"""
            The folder {folder.Root} stays: continue with it, or remove it. If peaks3feed is not on the PATH, this makes the commands above work:
            """);
        var program = Environment.ProcessPath ?? "peaks3feed";
        shell.Type(OperatingSystem.IsWindows()
            ? $"Set-Alias peaks3feed {CommandText.PowerShellQuoted(program)}"
            : $"alias peaks3feed={CommandText.Shell(program)}");
    }

    private Task Run(IReadOnlyList<string> arguments, CancellationToken cancellationToken, int expected = ExitCodes.Success)
        => shell.RunAsync(expected, arguments, cancellationToken);
}
