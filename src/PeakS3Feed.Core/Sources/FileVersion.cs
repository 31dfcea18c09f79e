using System.Globalization;
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
    public static FileVersion Of(FileInfo file) => new(file.Length, file.LastWriteTimeUtc, FileIdentity.Of(file));

    /// <summary>Of the file that was opened, whatever the path leads to by now.</summary>
    public static FileVersion Of(SafeFileHandle handle) => new(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle), FileIdentity.Of(handle));

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
