using System.Text;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// The names of files in actions: URIs (RFC 2396), which are encoded when they are written and decoded once when they are read.
/// </summary>
internal static class DeltaPaths
{
    private const string Plain = "-._~/=";

    /// <summary>Encodes the name of a file below the table: each byte of UTF-8 that may not be plain as <c>%</c> and two digits.</summary>
    public static string Encode(string name)
    {
        var path = new StringBuilder(name.Length);
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b, StringComparison.Ordinal))
                path.Append((char)b);
            else
                path.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return path.ToString();
    }

    /// <summary>Decodes a path of an action to the name of a file below the table.</summary>
    /// <param name="path">The path: relative, or an absolute URI.</param>
    /// <param name="root">The URI of the table's folder, which ends in a slash.</param>
    /// <returns>Null if the path leaves the table or is no path.</returns>
    public static string? Decode(string path, string root)
    {
        var scheme = path.IndexOf(':', StringComparison.Ordinal);
        if (scheme >= 0 && !path.AsSpan(0, scheme).Contains('/'))
        {
            // Engines on Hadoop name S3 differently; the bucket and the key are the same.
            var absolute = path.AsSpan(0, scheme) is "s3a" or "s3n" ? string.Concat("s3", path.AsSpan(scheme)) : path;
            if (!TryDecode(absolute, out var place) || !TryDecode(root, out var folder) || !place.StartsWith(folder, StringComparison.Ordinal))
                return null;
            return Check(place[folder.Length..]);
        }
        return TryDecode(path, out var name) ? Check(name) : null;
    }

    /// <summary>Whether readers and vacuums of Delta tables ignore a file: a folder or the file begins with <c>_</c> or <c>.</c>.</summary>
    /// <param name="name">The name below the table.</param>
    /// <param name="partitionColumns">The partition columns: the folder <c>_x=1</c> of the column <c>_x</c> is not ignored.</param>
    public static bool IsHidden(string name, IReadOnlyList<string> partitionColumns) => name.Split('/').Any(
        part => part is ['_' or '.', ..] && !partitionColumns.Any(c => part.StartsWith(c + "=", StringComparison.Ordinal)));

    private static string? Check(string name) => name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)
        || name.Split('/').Any(part => part is "" or "." or "..") ? null : name;

    // Uri.UnescapeDataString keeps what is no valid UTF-8, so that two names could become one.
    private static bool TryDecode(string path, out string name)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        name = "";
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] == '%')
            {
                if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
                    return false;
                bytes[length++] = Convert.FromHexString(path.AsSpan(at + 1, 2))[0];
                at += 2;
                continue;
            }
            var end = path.IndexOf('%', at) is >= 0 and var next ? next : path.Length;
            length += Encoding.UTF8.GetBytes(path.AsSpan(at, end - at), bytes.AsSpan(length));
            at = end - 1;
        }
        if (!System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length)))
            return false;
        name = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
