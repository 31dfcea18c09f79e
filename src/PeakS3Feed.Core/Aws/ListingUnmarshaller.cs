using System.Buffers;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Amazon.S3.Model.Internal.MarshallTransformations;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>Takes a page of a listing in place of the SDK, which spends ten times the effort on each object; errors stay its own.</summary>
internal sealed class ListingUnmarshaller : ListObjectsV2ResponseUnmarshaller
{
    private const int UsualBytes = 512 * 1024;

    // A thousand keys of 1,024 bytes, each escaped, are under 4 MiB.
    private const int MostBytes = 64 * 1024 * 1024;

    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
        try
        {
            var length = 0;
            for (int read; (read = context.Stream.Read(buffer, length, buffer.Length - length)) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                    buffer = Enlarge(buffer);
            }
            return ListingXml.Read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Enlarge(byte[] buffer)
    {
        if (buffer.Length >= MostBytes)
            throw new StrangeAnswerException();
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
