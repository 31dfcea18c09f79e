using System.Runtime.InteropServices;
using ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The native library that reads and writes Parquet. It is loaded when it is first needed, and exists for some platforms only.</summary>
internal static class ParquetLibrary
{
    /// <summary>Loads the library, unless it is loaded.</summary>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c></exception>
    public static void Load() => Load(static () => _ = MemoryPool.GetDefaultMemoryPool());

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

    private static bool IsMissing(Exception e) => e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException;
}
