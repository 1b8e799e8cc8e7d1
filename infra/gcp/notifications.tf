# Store -> topic -> subscription -> the function app's pull; messages it cannot accept go to the dead-letter topic.
resource "google_pubsub_topic" "notifications" {
  name = "dicom-notifications"

  message_storage_policy {
    allowed_persistence_regions = local.message_regions
  }

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "healthcare_publishes" {
  topic  = google_pubsub_topic.notifications.id
  role   = "roles/pubsub.publisher"
  member = google_project_service_identity.healthcare.member
}

resource "google_pubsub_subscription" "functions" {
  name  = "dicom-functions"
  topic = google_pubsub_topic.notifications.id

  # Longer than accepting a pull as a job takes.
  ack_deadline_seconds       = 120
  message_retention_duration = "604800s"

  # Never expires through lack of use.
  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = var.max_delivery_attempts
  }
}

resource "google_pubsub_subscription_iam_member" "functions_subscribes" {
  subscription = google_pubsub_subscription.functions.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.functions.member
}

resource "google_pubsub_topic" "dead_letters" {
  name = "dicom-notifications-dead"

  message_storage_policy {
    allowed_persistence_regions = local.message_regions
  }

  depends_on = [google_project_service.apis]
}

# Keeps dead letters for inspection: a topic without a subscription keeps nothing.
resource "google_pubsub_subscription" "dead_letters" {
  name                       = "dicom-notifications-dead"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub forwards dead letters itself: it publishes to that topic and acknowledges on this subscription.
resource "google_pubsub_topic_iam_member" "pubsub_forwards" {
  topic  = google_pubsub_topic.dead_letters.id
  role   = "roles/pubsub.publisher"
  member = google_project_service_identity.pubsub.member
}

resource "google_pubsub_subscription_iam_member" "pubsub_acknowledges" {
  subscription = google_pubsub_subscription.functions.id
  role         = "roles/pubsub.subscriber"
  member       = google_project_service_identity.pubsub.member
}

# A notification that was given up is an image that nothing was told of.
resource "google_monitoring_alert_policy" "dead_letters" {
  display_name = "DicomFunctions: notifications given up"
  combiner     = "OR"

  conditions {
    display_name = "Pub/Sub has moved messages to the dead-letter topic"

    condition_threshold {
      filter          = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.functions.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_DELTA"
      }
    }
  }

  documentation {
    content = "The messages are in the subscription ${google_pubsub_subscription.dead_letters.name} for 31 days. docs/troubleshooting.md says how to look at them and send them again."
  }

  notification_channels = var.alert_channels

  depends_on = [google_project_service.apis]
}
