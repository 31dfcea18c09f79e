using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PeakS3Feed.Sources;

/// <summary>
/// Tells a file from another one put in its place with the same size and times. On Windows and macOS the time of its
/// creation does that. On Linux .NET makes that time up from the others, so the file's number and birth are asked of the
/// kernel; statx has one layout on all processors. A C library without it leaves us with what .NET says.
/// </summary>
internal static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint Number = 0x100;
    private const uint Birth = 0x800;
    private const int AnswerBytes = 256;
    private const int NumberAt = 32;
    private const int BirthSecondsAt = 80;
    private const int BirthNanosecondsAt = 88;

    /// <summary>Of the file that a path leads to.</summary>
    public static string Of(FileInfo file) => Ask(CurrentFolder, file.FullName, 0) ?? OfTime(file.CreationTimeUtc);

    /// <summary>Of an open file.</summary>
    public static string Of(SafeFileHandle handle) => Ask(handle.DangerousGetHandle().ToInt32(), "", EmptyPath) ?? OfTime(File.GetCreationTimeUtc(handle));

    private static string OfTime(DateTime created) => created.Ticks.ToString(CultureInfo.InvariantCulture);

    private static string? Ask(int folder, string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> answer = stackalloc byte[AnswerBytes];
        try
        {
            if (Statx(folder, path, flags, Number | Birth, answer) != 0)
                return null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MemoryMarshal.Read<ulong>(answer[NumberAt..])}@{MemoryMarshal.Read<long>(answer[BirthSecondsAt..])}.{MemoryMarshal.Read<uint>(answer[BirthNanosecondsAt..])}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> answer);
}
