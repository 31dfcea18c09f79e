using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Json;

/// <summary>The bytes before a value or after the last one, and the step that usually follows.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JsonStep
{
    /// <summary>The field whose value follows, or -1 at the end of the row.</summary>
    public int Field;

    /// <summary>The index of the bytes in the buffer of the shape.</summary>
    public int Start;

    /// <summary>The number of bytes.</summary>
    public int Length;

    /// <summary>The step that followed this one last.</summary>
    public int Next;

    /// <summary>The first 16 bytes, padded with zeros.</summary>
    public Vector128<byte> Begins;

    /// <summary>A mask with ones for the bytes of <see cref="Begins"/>.</summary>
    public Vector128<byte> Mask;
}
