using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Json;

/// <summary>What stands before a value or behind the last one, and which comes next.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JsonStep
{
    /// <summary>The field whose value follows, or -1 where the row ends.</summary>
    public int Field;

    /// <summary>Where the bytes stand among those of the shape.</summary>
    public int Start;

    /// <summary>How many they are.</summary>
    public int Length;

    /// <summary>The step that came behind this one last.</summary>
    public int Next;

    /// <summary>The first bytes, with zeros behind.</summary>
    public Vector128<byte> Begins;

    /// <summary>Ones where <see cref="Begins"/> has bytes.</summary>
    public Vector128<byte> Mask;
}
