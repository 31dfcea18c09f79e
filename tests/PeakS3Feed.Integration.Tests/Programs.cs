using System.Reflection;

namespace PeakS3Feed.Integration;

/// <summary>
/// The programs that tests start. PEAKS3FEED_TEST_PROGRAMS names a folder with copies compiled to machine code, which start faster
/// (tests/programs.sh makes them); without it, the tests start the programs where they were built.
/// </summary>
internal static class Programs
{
    /// <summary>The executable <c>peaks3feed</c>.</summary>
    public static string Worker { get; } = Compiled("worker", Executable("peaks3feed")) ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Built("Worker")))!, Executable("peaks3feed"));

    /// <summary>The same program as a library, for <c>dotnet</c> to run.</summary>
    public static string WorkerLibrary { get; } = Path.Combine(Path.GetDirectoryName(Worker)!, "peaks3feed.dll");

    /// <summary>The tests' own program that can kill itself at a step.</summary>
    public static string CrashHost { get; } = Compiled("crash-host", "PeakS3Feed.CrashHost.dll") ?? Built("CrashHost");

    /// <summary>The top folder of the repository.</summary>
    public static string Repository { get; } = Path.GetFullPath(Built("Repository"));

    /// <summary>The assembly of a project in src, where it was built.</summary>
    public static string Assembly(string project, string? name = null)
        => Path.Combine(Repository, "src", project, Built("Output"), $"{name ?? project}.dll");

    private static string Executable(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    private static string? Compiled(string folder, string file)
    {
        if (Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_PROGRAMS") is not { Length: > 0 } programs)
            return null;
        var path = Path.Combine(programs, folder, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"PEAKS3FEED_TEST_PROGRAMS names a folder without {folder}/{file}. Next: bash tests/programs.sh make", path);
    }

    private static string Built(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
