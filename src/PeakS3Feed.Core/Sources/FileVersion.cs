using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PeakS3Feed.Sources;

/// <summary>
/// What tells one version of a file from another. The time of its creation stands in for the file's number, which .NET
/// does not give without native code: a file put in another's place was created at another time. Where a file system
/// keeps no such time, .NET gives the earlier one of its last change and modification.
/// </summary>
internal readonly record struct FileVersion(long Size, DateTime ModifiedUtc, DateTime CreatedUtc)
{
    /// <summary>Of the file that a path leads to now.</summary>
    public static FileVersion Of(FileInfo file) => new(file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc);

    /// <summary>Of the file that was opened, whatever the path leads to by now.</summary>
    public static FileVersion Of(SafeFileHandle handle) => new(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle), File.GetCreationTimeUtc(handle));

    /// <summary>32 hexadecimal digits, like S3's.</summary>
    public string ETag
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Size}/{ModifiedUtc.Ticks}/{CreatedUtc.Ticks}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 16));
        }
    }

    /// <summary>In whole seconds, as S3 gives it.</summary>
    public DateTimeOffset LastModified => new(ModifiedUtc.Ticks - (ModifiedUtc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
