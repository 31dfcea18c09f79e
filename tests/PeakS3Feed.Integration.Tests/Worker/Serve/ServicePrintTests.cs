using System.Diagnostics;
using PeakS3Feed.Worker.Service;

namespace PeakS3Feed.Integration.Worker.Serve;

public sealed class ServicePrintTests
{
    [Theory]
    [InlineData("Systemd", "ExecStart=\"", " serve --store \"")]
    [InlineData("Windows", "New-Service -Name PeakS3Feed", "serve --store \"")]
    [InlineData("Container", "ENTRYPOINT", "docker run")]
    public async Task What_makes_it_a_service_is_printed_with_store_and_user(string kind, params string[] says)
    {
        using var store = await WorkerStore.WithFeedAsync();
        var printed = (await store.RunAsync("service", "print", "--kind", kind, "--user", "feeder")).Exits(0).Output;
        Assert.All([.. says, store.Store, "Not tested by us"], text => Assert.Contains(text, printed, StringComparison.Ordinal));
        if (kind != "Container")
            Assert.Contains("feeder", printed, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_a_store_in_two_folders_none_is_printed()
    {
        Skip.If(OperatingSystem.IsWindows(), "the user's own store is in one folder");
        using var home = new WorkerStore();
        var result = await WorkerProcess.RunAsync(
            "", ["service", "print", "--user", "feeder"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOME"] = home.Root, ["XDG_CONFIG_HOME"] = null, ["XDG_STATE_HOME"] = null });
        Assert.Empty(result.Exits(2).Output);
        Assert.Contains("named with --store", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_may_write_where_SQLite_destinations_are_and_says_how_its_folders_are_made()
    {
        using var store = new WorkerStore();
        var (there, missing) = (Directory.CreateDirectory(Path.Combine(store.Root, "there")).FullName, Path.Combine(store.Root, "mis sing"));
        string Destination(string name, string path) => $$"""{ "name": "{{name}}", "kind": "Sqlite", "path": {{System.Text.Json.JsonSerializer.Serialize(path)}} }""";
        var document = $$"""{ "destinations": [ {{Destination("a", Path.Combine(there, "a.db"))}}, {{Destination("b", Path.Combine(missing, "b.db"))}}, {{Destination("c", "c.db")}} ] }""";
        (await store.RunAsync(["import", "-"], document)).Exits(0);
        var unit = (await store.RunAsync("service", "print", "--kind", "Systemd", "--user", "feeder")).Exits(0).Output;
        Assert.Equal($"ReadWritePaths=\"{store.Store}\" \"{there}\" \"{missing}\"", Line(unit, "ReadWritePaths"));
        Assert.Contains($"#   {store.Store}\n#   {there}\n#   install -d -m 700 -o feeder '{missing}'\n", unit, StringComparison.Ordinal);
        var container = (await store.RunAsync("service", "print", "--kind", "Container")).Exits(0).Output;
        Assert.Contains($"#     -v {there}:{there} \\\n#     -v '{missing}':'{missing}' \\\n", container, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opt/peaks3feed/peaks3feed", "/srv/store", "yes")]
    [InlineData("/home/me/.dotnet/tools/peaks3feed", "/srv/store", "read-only")]
    [InlineData("/opt/peaks3feed/peaks3feed", "/home/me/store", "no")]
    public void What_is_in_a_home_can_be_reached(string program, string store, string protect)
        => Assert.Equal($"ProtectHome={protect}", Line(SystemdUnit.Create(new([program], store, [], "feeder", "1.0.0")), "ProtectHome"));

    [Fact]
    public void Variables_are_meant_in_commands_alone()
    {
        var unit = SystemdUnit.Create(new(["/opt/a"], "/srv/$x%n", [], "feeder", "1.0.0"));
        Assert.Equal("ExecStart=\"/opt/a\" serve --store \"/srv/$$x%%n\"", Line(unit, "ExecStart"));
        Assert.Equal("ReadWritePaths=\"/srv/$x%%n\"", Line(unit, "ReadWritePaths"));
    }

    [Fact]
    public async Task Run_by_dotnet_the_command_is_that_of_dotnet()
    {
        using var store = new WorkerStore();
        var library = Programs.WorkerLibrary;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [library, "--store", store.Store, "service", "print", "--kind", "Systemd"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var unit = await process.StandardOutput.ReadToEndAsync();
        Assert.EndsWith($"\" \"{library}\" serve --store \"{store.Store}\"", Line(unit, "ExecStart=\""), StringComparison.Ordinal);
        Assert.Contains("dotnet", Line(unit, "ExecStart").Split(' ')[0], StringComparison.Ordinal);
    }

    private static string Line(string unit, string beginning) => Assert.Single(unit.ReplaceLineEndings("\n").Split('\n'), l => l.StartsWith(beginning, StringComparison.Ordinal));
}
