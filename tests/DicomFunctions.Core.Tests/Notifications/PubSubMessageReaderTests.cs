using System.Text;
using DicomFunctions.Core.Notifications;
using Xunit;

namespace DicomFunctions.Core.Tests.Notifications;

public sealed class PubSubMessageReaderTests
{
    // {"data":"cGF0aA=="} is the text "path".
    [Theory]
    [InlineData("\"path\"")]
    [InlineData("""{"data":"cGF0aA=="}""")]
    [InlineData("""{"message":{"data":"cGF0aA=="},"subscription":"s"}""")]
    [InlineData("""{"ackId":"a","message":{"other":[{"data":"eA=="}],"data":"cGF0aA=="}}""")]
    public void Every_form_of_a_message_has_its_data(string json) => Assert.Equal("path", Read(json).Data);

    [Theory]
    [InlineData("""{"data":"not base64!"}""")]
    [InlineData("""{"data":"/w=="}""")]
    [InlineData("""{"data":5}""")]
    [InlineData("""{"data":"\ud800"}""")]
    [InlineData("[\"path\"]")]
    [InlineData("null")]
    public void Data_that_is_not_base64_of_UTF8_is_none(string json) => Assert.Null(Read(json).Data);

    [Theory]
    [InlineData("""{"messageId":"7","publishTime":"t"}""")]
    [InlineData("""{"message":{"message_id":"7","publish_time":"t"}}""")]
    public void The_id_and_the_time_are_found_in_either_spelling(string json)
    {
        var message = Read(json);
        Assert.Equal(("7", "t"), (message.MessageId, message.PublishTime));
    }

    [Fact]
    public void Attributes_of_another_type_are_left_out()
    {
        var message = Read(
            """{"attributes":{"storeName":"s","studyInstanceUID":1,"seriesInstanceUID":["x"],"sopInstanceUID":"1.2","other":{}}}""");
        Assert.Equal(
            ("s", null, null, "1.2"), (message.StoreName, message.StudyInstanceUid, message.SeriesInstanceUid, message.SopInstanceUid));
    }

    private static PubSubMessage Read(string json) => PubSubMessageReader.Read(Encoding.UTF8.GetBytes(json));
}
