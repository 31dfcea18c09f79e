using System.Runtime.InteropServices;
using ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The native library that reads and writes Parquet. It is loaded when it is first needed, and exists for some platforms only.</summary>
internal static partial class ParquetLibrary
{
    // Threads write pages that live until the end of a row group. Of such memory, the library's own choice (mimalloc) and glibc keep several times as
    // much as is used; jemalloc gives it back. The library reads the variable when it is loaded, and has jemalloc for all platforms but Windows.
    private const string AllocatorVariable = "ARROW_DEFAULT_MEMORY_POOL";
    private const string Allocator = "jemalloc";

    // Each arena keeps what it freed for about a second. By default there are four for each processor.
    private const string SettingsVariable = "JE_ARROW_MALLOC_CONF";
    private static readonly string Settings = $"narenas:{Math.Max(1, Environment.ProcessorCount / 2)}";

    private const int PageBytes = 4096; // jemalloc is built for one size of pages
    private static readonly bool IsAllocatorChosen = ChooseAllocator();

    /// <summary>Loads the library, unless it is loaded.</summary>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c></exception>
    public static void Load()
    {
        _ = IsAllocatorChosen;
        Load(static () => _ = MemoryPool.GetDefaultMemoryPool());
    }

    /// <summary>Does what loads the library, and converts the failures of loading.</summary>
    internal static void Load(Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (IsMissing(e) || (e is TypeInitializationException { InnerException: { } inner } && IsMissing(inner)))
        {
            throw ParquetErrors.NotAvailable(RuntimeInformation.RuntimeIdentifier, e);
        }
    }

    private static bool ChooseAllocator()
        => !OperatingSystem.IsWindows() && Environment.SystemPageSize == PageBytes
            && SetEnvironmentVariable(AllocatorVariable, Allocator, overwrite: 0) == 0
            && SetEnvironmentVariable(SettingsVariable, Settings, overwrite: 0) == 0;

    // Environment.SetEnvironmentVariable changes a copy that native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);

    private static bool IsMissing(Exception e) => e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException;
}
