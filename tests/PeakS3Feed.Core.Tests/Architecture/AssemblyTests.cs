using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Architecture;

/// <summary>Which assemblies may refer to which others.</summary>
public sealed class AssemblyTests
{
    private static readonly string[] Hosts = ["System.Management.Automation", "Microsoft.PowerShell", "Microsoft.AspNetCore", "System.CommandLine", "Spectre.Console"];
    private static readonly string[] Services = ["AWSSDK", "Npgsql", "Microsoft.Data", "SQLitePCLRaw", "System.Data", "MailKit", "MimeKit"];

    [Fact]
    public void The_core_knows_neither_PowerShell_nor_a_web_server_nor_a_command_line()
    {
        using var core = CompiledAssembly.Open(typeof(S3Feed).Assembly.Location);

        Assert.Contains(core.References, r => r.StartsWith("Npgsql", StringComparison.Ordinal)); // the list is that of the core
        Assert.DoesNotContain(core.References, r => IsOneOf(r, Hosts));
    }

    [Theory]
    [InlineData("src/PeakS3Feed", "PeakS3Feed.dll", "System.CommandLine")]
    [InlineData("src/PeakS3Feed.Worker", "peaks3feed.dll", "System.Management.Automation")]
    public void Cmdlets_and_worker_reach_services_and_databases_through_the_core(string project, string file, string other)
    {
        using var host = CompiledAssembly.Open(Built(project, file));

        Assert.Contains("PeakS3Feed.Core", host.References);
        Assert.DoesNotContain(host.References, r => IsOneOf(r, Services));
        Assert.DoesNotContain(host.References, r => r == other);
    }

    [Fact]
    public void The_solution_has_every_project()
    {
        var solution = File.ReadAllText(Repository.PathOf("PeakS3Feed.sln")).Replace('\\', '/');
        var projects = new[] { "src", "tests", "bench" }
            .SelectMany(f => Directory.EnumerateFiles(Repository.PathOf(f), "*.csproj", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, p => Assert.Contains($"\"{p}\"", solution, StringComparison.Ordinal));
    }

    private static bool IsOneOf(string name, string[] families)
        => families.Any(f => name.Equals(f, StringComparison.Ordinal) || name.StartsWith(f + ".", StringComparison.Ordinal));

    // Of the same configuration and framework as this test, which builds it first.
    private static string Built(string project, string file)
    {
        var output = Path.GetRelativePath(Repository.PathOf("tests/PeakS3Feed.Core.Tests"), AppContext.BaseDirectory);
        return Repository.PathOf($"{project}/{output}/{file}");
    }
}
