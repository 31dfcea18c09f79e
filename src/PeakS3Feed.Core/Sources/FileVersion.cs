using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PeakS3Feed.Sources;

/// <summary>Identifies one version of a file.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="ModifiedUtc">The time of the last write, in the precision of the file system.</param>
/// <param name="Identity">The identity of the file, independent of its name.</param>
internal readonly record struct FileVersion(long Size, DateTime ModifiedUtc, string Identity)
{
    /// <summary>Returns the current version of the file at a path.</summary>
    public static FileVersion From(FileInfo file) => new(file.Length, file.LastWriteTimeUtc, FileIdentity.From(file));

    /// <summary>Returns the version of an open file, even if its path now names another file.</summary>
    public static FileVersion From(SafeFileHandle handle)
        => new(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle), FileIdentity.From(handle));

    /// <summary>The entity tag: 32 hexadecimal digits, as on S3.</summary>
    public string ETag
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Size}/{ModifiedUtc.Ticks}/{Identity}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        }
    }

    /// <summary>The time of the last write in whole seconds, as on S3.</summary>
    public DateTimeOffset LastModified => new(ModifiedUtc.Ticks - (ModifiedUtc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

/// <summary>
/// Distinguishes a file from another one that replaced it with the same size and times. On Windows and macOS, uses the time of creation. On Linux,
/// .NET derives that time from the others, so the inode's number and birth time come from the kernel (statx, which has one layout on all processors).
/// If the C library has no statx, uses .NET's time.
/// </summary>
internal static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint Number = 0x100;
    private const uint Birth = 0x800;
    private const uint Kind = 0x1;
    private const int AnswerBytes = 256;
    private const int ModeAt = 28;
    private const int KindOfMode = 0xF000;
    private const int RegularFile = 0x8000;
    private const int NumberAt = 32;
    private const int BirthSecondsAt = 80;
    private const int BirthNanosecondsAt = 88;

    /// <summary>Returns the identity of the file at a path.</summary>
    public static string From(FileInfo file) => FromKernel(CurrentFolder, file.FullName, 0) ?? FromTime(file.CreationTimeUtc);

    /// <summary>Returns the identity of an open file.</summary>
    public static string From(SafeFileHandle handle)
        => FromKernel(handle.DangerousGetHandle().ToInt32(), "", EmptyPath) ?? FromTime(File.GetCreationTimeUtc(handle));

    /// <summary>Returns whether a path names a pipe, a socket or a device, which may block a reader for ever. Always false if not on Linux.</summary>
    public static bool IsSpecial(FileInfo file)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        return AskKernel(CurrentFolder, file.FullName, 0, Kind, answer) && (MemoryMarshal.Read<ushort>(answer[ModeAt..]) & KindOfMode) != RegularFile;
    }

    private static string FromTime(DateTime created) => created.Ticks.ToString(CultureInfo.InvariantCulture);

    private static string? FromKernel(int folder, string path, int flags)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        if (!AskKernel(folder, path, flags, Number | Birth, answer))
            return null;
        var number = MemoryMarshal.Read<ulong>(answer[NumberAt..]);
        var (seconds, nanoseconds) = (MemoryMarshal.Read<long>(answer[BirthSecondsAt..]), MemoryMarshal.Read<uint>(answer[BirthNanosecondsAt..]));
        return string.Create(CultureInfo.InvariantCulture, $"{number}@{seconds}.{nanoseconds}");
    }

    private static bool AskKernel(int folder, string path, int flags, uint mask, Span<byte> answer)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return Statx(folder, path, flags, mask, answer) == 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> answer);
}
