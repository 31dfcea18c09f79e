using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PeakS3Feed.Sources;

/// <summary>What tells one version of a file from another.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedUtc">When it was written, as finely as the file system says.</param>
/// <param name="Identity">Which file it is, whatever it is called.</param>
internal readonly record struct FileVersion(long Size, DateTime ModifiedUtc, string Identity)
{
    /// <summary>Of the file that a path leads to now.</summary>
    public static FileVersion From(FileInfo file) => new(file.Length, file.LastWriteTimeUtc, FileIdentity.From(file));

    /// <summary>Of the file that was opened, whatever the path leads to by now.</summary>
    public static FileVersion From(SafeFileHandle handle)
        => new(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle), FileIdentity.From(handle));

    /// <summary>32 hexadecimal digits, like S3's.</summary>
    public string ETag
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Size}/{ModifiedUtc.Ticks}/{Identity}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        }
    }

    /// <summary>In whole seconds, as S3 gives it.</summary>
    public DateTimeOffset LastModified => new(ModifiedUtc.Ticks - (ModifiedUtc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

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
    public static string From(FileInfo file) => Ask(CurrentFolder, file.FullName, 0) ?? FromTime(file.CreationTimeUtc);

    /// <summary>Of an open file.</summary>
    public static string From(SafeFileHandle handle)
        => Ask(handle.DangerousGetHandle().ToInt32(), "", EmptyPath) ?? FromTime(File.GetCreationTimeUtc(handle));

    private static string FromTime(DateTime created) => created.Ticks.ToString(CultureInfo.InvariantCulture);

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
