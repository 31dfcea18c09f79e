using Microsoft.Win32.SafeHandles;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// Reads one version of a file. Checks the version once more before it returns the last bytes, so that a file that changes during the read is never
/// taken for a whole one.
/// </summary>
internal sealed class FolderObjectStream(SourceObject source, SafeFileHandle handle) : ForwardStream
{
    private long _position;

    public override long Length => source.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, source.Size - _position);
        if (wanted == 0)
            return 0;
        try
        {
            var read = await RandomAccess.ReadAsync(handle, buffer[..wanted], _position, cancellationToken);
            _position += read;
            if (read == 0 || (_position == source.Size && !FolderObjectSource.IsVersion(FileVersion.From(handle), source)))
                throw SourceErrors.Changed(source);
            return read;
        }
        catch (UnauthorizedAccessException e)
        {
            throw SourceErrors.Unreadable(source.Uri, e);
        }
        catch (IOException e)
        {
            throw SourceErrors.ReadFailed(source, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            handle.Dispose();
        base.Dispose(disposing);
    }
}
