using System.Text.RegularExpressions;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests;

/// <summary>The module's views call methods of the core. PowerShell shows an empty cell where a method does not exist, so the names are checked here.</summary>
public sealed class ViewTests
{
    private static readonly Regex Call = new(@"\[(?<type>PeakS3Feed\.[\w.]+)\]::(?<member>\w+)");

    [Fact]
    public void Every_method_that_a_view_calls_exists()
    {
        var calls = Directory.EnumerateFiles(Path.Combine(Root(), "module", "Formats"), "*.ps1xml")
            .SelectMany(f => Call.Matches(File.ReadAllText(f)).Select(m => (File: Path.GetFileName(f), Type: m.Groups["type"].Value, Member: m.Groups["member"].Value)))
            .Distinct()
            .ToList();

        Assert.True(calls.Count >= 10, $"only {calls.Count} calls were found in the views");
        var unknown = calls
            .Where(c => typeof(VisibleText).Assembly.GetType(c.Type) is not { IsPublic: true } type || !Array.Exists(type.GetMethods(), m => m.IsStatic && m.Name == c.Member))
            .ToList();
        Assert.Empty(unknown);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PeakS3Feed.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no PeakS3Feed.sln above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}
