using PeakS3Feed.Errors;

namespace PeakS3Feed.Worker.Demo;

/// <summary>What the demo shows, in its order.</summary>
internal sealed class DemoStory(DemoShell shell, DemoFolder folder, DemoBucket bucket)
{
    private const string Query =
        "SELECT min(z.zip_code) AS zip_code, a.city, a.name FROM airports a JOIN zipcodes z USING (city, state) WHERE state = 'MA' GROUP BY a.iata ORDER BY 1 LIMIT 5";

    public async Task TellAsync(CancellationToken cancellationToken)
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
            The folder {folder.Bucket} stands in for a bucket on S3. It holds public data: daily weather of two cities with a file for each year,
            the airports of the USA, and its zip codes in gzipped files. All that PeakS3Feed knows is kept in a store, a folder too:
            """);
        bucket.Fill();
        shell.Type(OperatingSystem.IsWindows() ? $"$env:PEAKS3FEED_HOME = {CommandText.PowerShellQuoted(folder.Store)}" : $"export PEAKS3FEED_HOME={CommandText.Shell(folder.Store)}");

        shell.Step("A connection, and a feed of each load type", $"""
            weather appends the rows of new files (Incremental), airports updates or inserts rows by key (Upsert), zipcodes replaces its table with all
            there is (TruncateInsert). They are defined in {folder.Definitions}:
            """);
        var definitions = DemoDefinitions.Text(folder.Bucket);
        await File.WriteAllTextAsync(folder.Definitions, definitions, cancellationToken);
        shell.Show(definitions);
        await Run(["import", folder.Definitions], cancellationToken);
        await Run(["test", "public_data"], cancellationToken);

        shell.Step("A look at a file", """
            The columns are inferred from the newest, the oldest and the largest file. A type is chosen only where every value comes back just as it was:
            zip codes with leading zeros stay text.
            """);
        await Run(["preview", "zipcodes", "--first", "3", "--key", "zipcodes/zip-0.csv.gz"], cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        shell.Step("What a run would do", "A plan lists the objects to load and the statements to issue, and changes nothing.");
        await Run(["run", "*", "--plan"], cancellationToken);
        shell.Step("Run", "No destination is named, so the rows go to the one that is always there: a SQLite database in the store.");
        await Run(["run", "*"], cancellationToken);
        shell.Step("Run again", "Rows and the record of what was loaded are committed together, so that nothing is loaded twice.");
        await Run(["run", "*"], cancellationToken);
    }

    private async Task LoadChangesAsync(CancellationToken cancellationToken)
    {
        shell.Step("Files come and change", """
            Now the weather of 2014 arrives (two new files), and a file of corrections to two airports; one of the ten files of zip codes is delivered anew,
            with one more.
            """);
        bucket.AddWeather(2014);
        bucket.CorrectAirports();
        bucket.ExtendZipcodes();
        await Run(["run", "*"], cancellationToken);
        shell.Say("""
            Only the new files of weather and airports were read. A TruncateInsert reads everything when anything has changed, and replaces the table in one commit.
            """);
    }

    private async Task RejectAsync(CancellationToken cancellationToken)
    {
        shell.Step("A bad row", "The weather of 2015 arrives, and somebody wrote a word where a number belongs.");
        bucket.AddWeather(2015);
        bucket.Break("weather/seattle-2015.csv", line: 42, column: "temp_max", word: "mild");
        await Run(["run", "weather"], cancellationToken, expected: ExitCodes.Failed);
        await Run(["runs", "weather", "--rejects"], cancellationToken);
        shell.Say("Nothing of that commit landed, the good file of New York included. The file is mended, and the feed goes on where it was:");
        bucket.AddWeather(2015);
        await Run(["run", "weather"], cancellationToken);
    }

    private void End()
    {
        shell.Step("Look at the rows", $"""
            The database is {folder.Database}. A query to try, with the sqlite3 program:
            """);
        shell.Type($"sqlite3 -box {CommandText.Shell(folder.Database)} \"{Query}\"");
        shell.Say($"""
            The folder {folder.Root} is left as it is: go on with it, or remove it. Where peaks3feed is not on the PATH, this makes the commands above work:
            """);
        var program = Environment.ProcessPath ?? "peaks3feed";
        shell.Type(OperatingSystem.IsWindows() ? $"Set-Alias peaks3feed {CommandText.PowerShellQuoted(program)}" : $"alias peaks3feed={CommandText.Shell(program)}");
    }

    private Task Run(IReadOnlyList<string> arguments, CancellationToken cancellationToken, int expected = ExitCodes.Success)
        => shell.RunAsync(expected, arguments, cancellationToken);
}
