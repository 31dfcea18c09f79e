using System.Diagnostics;

namespace PeakS3Feed.Integration.Worker;

public sealed class OutputTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("run", "a", "--nope")]
    [InlineData("nope")]
    [InlineData("runs", "--last", "many")]
    [InlineData("run", "a", "--reject-text", "Some")]
    [InlineData("service", "print", "--nope")]
    public async Task A_wrong_command_line_gives_exit_code_2_and_the_way_to_the_help(params string[] arguments)
    {
        using var store = new WorkerStore();
        var result = (await store.RunAsync(arguments)).Exits(2);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(" --help\n", result.Error, StringComparison.Ordinal);
        (await store.RunAsync(result.Error.TrimEnd('\n').Split('\n')[^1].Trim().Split(' ')[1..])).Exits(0);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("0", "run", "orders")]
    [InlineData("-1", "run", "orders")]
    [InlineData("65", "run", "orders")]
    [InlineData("two", "run", "orders")]
    [InlineData("1.5", "run", "orders")]
    [InlineData("", "run", "orders")]
    [InlineData("0", "serve")]
    [InlineData("many", "serve")]
    public async Task A_parallelism_is_a_whole_number_from_1_to_64(string value, params string[] command)
    {
        using var store = await WorkerStore.WithFeedAsync();
        var result = (await store.RunAsync([.. command, "--max-parallelism", value])).Exits(2);
        Assert.Equal($"error: \"{value}\" is not a whole number from 1 to 64.\n    peaks3feed {command[0]} --help\n", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("64")]
    public async Task A_run_loads_the_same_with_the_smallest_and_the_largest_parallelism(string value)
    {
        using var store = await WorkerStore.WithFeedAsync();
        for (var file = 0; file < 9; file++)
            store.Put($"in/{file}.csv", $"id\n{file}\n");
        (await store.RunAsync("run", "orders", "--max-parallelism", value)).Exits(0);
        Assert.Equal("0,1,2,3,4,5,6,7,8", store.Query("SELECT group_concat(id, ',' ORDER BY rowid) FROM orders")[0][0]);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("set", "--help")]
    public async Task Help_and_version_are_results(params string[] arguments)
    {
        using var store = new WorkerStore();
        var result = (await store.RunAsync(arguments)).Exits(0);
        Assert.NotEmpty(result.Output);
        Assert.Empty(result.Error);
        Assert.All(result.Output.Split('\n'), l => Assert.InRange(l.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task An_error_names_object_line_and_column_and_the_next_command_and_shows_its_stack_only_when_asked()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "schema": [ { "name": "id", "type": "bigint" } ]""");
        store.Put("in/a.csv", "id\n1\nx\n");
        var error = (await WorkerProcess.RunAsync("/nowhere", ["run", "orders", "--store", store.Store])).Exits(1).Error.Split('\n');
        Assert.StartsWith("error: s3://lake/in/a.csv, line 3, column \"id\": ", error[1], StringComparison.Ordinal);
        Assert.Equal($"    peaks3feed --store {store.Store} runs orders --rejects", error[3]);
        Assert.DoesNotContain(error, l => l.Contains("   at ", StringComparison.Ordinal));
        Assert.Contains("   at PeakS3Feed.", (await store.RunAsync("run", "orders", "--verbose")).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_shown_newest_first_and_found_by_the_beginning_of_their_id()
    {
        using var store = await WorkerStore.WithFeedAsync();
        Assert.Contains("There are no runs yet.", (await store.RunAsync("runs")).Exits(0).Output, StringComparison.Ordinal);
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        var runs = (await store.RunAsync("runs", "orders")).Exits(0).Output.Split('\n');
        Assert.Contains("nothing to do", runs[1], StringComparison.Ordinal);
        Assert.Contains("succeeded", runs[2], StringComparison.Ordinal);
        var one = (await store.RunAsync("runs", "--run", runs[2][..8], "--rejects")).Exits(0).Output;
        Assert.Contains("rejected no row", one, StringComparison.Ordinal);
        Assert.Single((await store.RunAsync("runs", "--last", "1")).Exits(0).Output.Split('\n'), l => l.Contains("orders", StringComparison.Ordinal));
        (await store.RunAsync("runs", "--run", "zz")).Exits(2);
        (await store.RunAsync("runs", "nope")).Exits(2);
    }

    [Fact]
    public async Task A_preview_shows_types_and_rows()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "zip,Unit Price\n00501,1.50\n10001,\n");
        var preview = (await store.RunAsync("preview", "orders", "--first", "2")).Exits(0).Output;
        Assert.Contains("unit_price decimal(38,2) Unit Price", preview, StringComparison.Ordinal);
        Assert.Contains("00501       1.50\n10001       NULL\n", preview, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_of_more_columns_than_fit_has_a_line_for_each()
    {
        using var store = await WorkerStore.WithFeedAsync();
        string[] names = [.. Enumerable.Range(1, 20).Select(i => $"column_number_{i}")];
        store.Put("in/a.csv", $"{string.Join(',', names)}\n{string.Join(',', names.Select((_, i) => $"value {i}"))}\n{string.Join(',', names.Select(_ => new string('x', 200)))}\n");
        var lines = (await store.RunAsync("preview", "orders")).Exits(0).Output.Split('\n');
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 80));
        Assert.Contains("Row 2", lines);
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Contains($"  {names[i].PadRight(16)} value {i}", lines);
            Assert.Contains($"  {names[i].PadRight(16)} {new string('x', 60)}…", lines);
        }
    }

    [Fact]
    public async Task A_test_has_a_line_for_each_check()
    {
        using var store = await WorkerStore.WithFeedAsync();
        Assert.Contains("  passed   ", (await store.RunAsync("test", "local")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("connection lake\n", (await store.RunAsync("test", "lake")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("It has lake, local.", (await store.RunAsync("test", "nope")).Exits(2).Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_reader_that_goes_away_ends_the_program_quietly()
    {
        Skip.If(OperatingSystem.IsWindows(), "this is about Unix pipes");
        using var store = await WorkerStore.WithFeedAsync();
        for (var i = 0; i < 30; i++)
            store.Put($"in/{i}.csv", "id\n1\n");
        var (output, error) = await ShellAsync(store, $"'{Programs.Worker}' run orders --plan | head -n 1; echo ${{PIPESTATUS[0]}}");
        Assert.EndsWith("\n0\n", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [SkippableFact]
    public async Task On_a_terminal_there_are_colours_unless_nobody_wants_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "needs script(1) to make a terminal");
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        var command = $"script -qec \"'{Programs.Worker}' runs\" /dev/null";
        Assert.Contains("\e[38;5;", (await ShellAsync(store, $"TERM=xterm-256color {command}")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", (await ShellAsync(store, $"NO_COLOR=1 TERM=xterm-256color {command}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_and_names_of_a_file_cannot_write_to_the_terminal()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id,n\e[1mame\n1,x\n");
        (await store.RunAsync("preview", "orders")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        store.Put("in/b\e[2J.csv", "id,n\e[1mame\nx,\e]0;owned\a\n");
        Assert.Contains("b\\u001b[2J.csv", (await store.RunAsync("run", "orders")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("    x,\\u001b]0;owned\\u0007\n", (await store.RunAsync("runs", "orders", "--rejects")).Exits(0).Output, StringComparison.Ordinal);
    }

    private static async Task<(string Output, string Error)> ShellAsync(WorkerStore store, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PEAKS3FEED_HOME"] = store.Store;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await output, await error);
    }
}
